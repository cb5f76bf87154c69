// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/mask.hpp>

#include <matio.h>

#include <memory>
#include <string>

namespace fsis {
inline namespace v0 {
namespace io {

/// A matrix of bytes from a field of a structure in a MATLAB file, "Segmentation" of "GTcls", say; rows are rows. By
/// libmatio, which the program links (this is the only header that needs it). Throws `io_error` naming the file, when it
/// cannot be opened, lacks the structure or field, or the field is no matrix of bytes or doubles with whole numbers from
/// 0 to 255.
inline mask read_mat_map(std::string const& path, std::string const& structure, std::string const& field) {
  struct closer {
    void operator()(mat_t* f) const { ::Mat_Close(f); }
    void operator()(matvar_t* v) const { ::Mat_VarFree(v); }
  };
  std::unique_ptr<mat_t, closer> const file(::Mat_Open(path.c_str(), MAT_ACC_RDONLY));
  require<io_error>(file != nullptr, "mat: cannot open '", path, "' as a MATLAB file");
  std::unique_ptr<matvar_t, closer> const variable(::Mat_VarRead(file.get(), structure.c_str()));
  require<io_error>(variable != nullptr && variable->class_type == MAT_C_STRUCT, "mat: '", path,
                    "' has no structure '", structure, "'");
  matvar_t const* const map = ::Mat_VarGetStructFieldByName(variable.get(), field.c_str(), 0);
  bool const is_matrix = map != nullptr && map->rank == 2 && map->data != nullptr && map->dims[0] > 0 &&
                         map->dims[1] > 0 && map->dims[0] < 65536 && map->dims[1] < 65536 && !map->isComplex;
  require<io_error>(is_matrix && (map->data_type == MAT_T_UINT8 || map->data_type == MAT_T_DOUBLE), "mat: '", path,
                    "': field '", field, "' of '", structure, "' is no matrix of bytes or doubles");
  auto const height = static_cast<index_t>(map->dims[0]), width = static_cast<index_t>(map->dims[1]);
  std::size_t const size = map->data_type == MAT_T_UINT8 ? 1 : 8;
  require<io_error>(map->nbytes == static_cast<std::size_t>(height * width) * size, "mat: '", path, "': field '",
                    field, "' of ", height, "x", width, " has ", map->nbytes, " bytes");
  mask out = mask::blank(height, width);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      auto const at = static_cast<std::size_t>(x * height + y);  // down the columns
      double const v =
          size == 1 ? static_cast<std::uint8_t const*>(map->data)[at] : static_cast<double const*>(map->data)[at];
      require<io_error>(v >= 0 && v <= 255 && v == static_cast<double>(static_cast<int>(v)), "mat: '", path, "': ", v,
                        " in row ", y, ", column ", x, " of '", field, "', wanted a whole number from 0 to 255");
      out(y, x) = static_cast<std::uint8_t>(v);
    }
  return out;
}

}  // namespace io
}  // namespace v0
}  // namespace fsis

// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/tensor/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace fsis {
inline namespace v0 {

/// The structures of DLPack 1 (https://dmlc.github.io/dlpack), by which libraries hand each other tensors without a
/// copy. They are laid out as in its header, so that pointers to them may be cast.
namespace dlpack {

enum device_type : std::int32_t { cpu = 1, cuda = 2, cuda_host = 3, cuda_managed = 13 };
enum type_code : std::uint8_t { signed_integer = 0, unsigned_integer = 1, floating_point = 2 };

struct device {
  std::int32_t type;
  std::int32_t id;
};

struct data_type {
  std::uint8_t code, bits;
  std::uint16_t lanes;
};

struct array {
  void* data;
  dlpack::device device;
  std::int32_t rank;
  data_type type;
  std::int64_t* shape;
  std::int64_t* strides;  // in elements
  std::uint64_t byte_offset;
};

struct version {
  std::uint32_t major, minor;
};

constexpr version current_version{1, 0};  // the first with flags; later ones add to it
constexpr std::uint64_t read_only = 1;

/// `DLManagedTensorVersioned`: an array and its owner.
struct managed_tensor {
  dlpack::version version;
  void* owner;
  void (*deleter)(managed_tensor*);
  std::uint64_t flags;
  dlpack::array array;
};

static_assert(sizeof(array) == 48 && sizeof(managed_tensor) == 80 && offsetof(managed_tensor, flags) == 24 &&
                  offsetof(managed_tensor, array) == 32,
              "DLPack's structures are laid out for 64-bit machines: leave <fsis/tensor/dlpack.hpp> out elsewhere");

struct release {
  void operator()(managed_tensor* t) const {
    if (t->deleter != nullptr) t->deleter(t);
  }
};
using managed_pointer = std::unique_ptr<managed_tensor, release>;

}  // namespace dlpack

namespace detail {

template <class T>
constexpr dlpack::data_type dlpack_type() {
  constexpr auto code = std::is_floating_point<T>::value ? dlpack::floating_point
                        : std::is_signed<T>::value       ? dlpack::signed_integer
                                                         : dlpack::unsigned_integer;
  return {code, static_cast<std::uint8_t>(8 * sizeof(T)), 1};
}

/// Where tensors of a context lie.
template <class Context>
dlpack::device dlpack_device(Context const& ctx) {
  if constexpr (std::is_same<Context, cpu_context>::value)
    return (void)ctx, dlpack::device{dlpack::cpu, 0};
  else
    return {dlpack::cuda, ctx.device()};
}

inline std::string text_of(dlpack::data_type t) {
  char const* const code = t.code == dlpack::floating_point     ? "float"
                           : t.code == dlpack::signed_integer   ? "int"
                           : t.code == dlpack::unsigned_integer ? "uint"
                                                                : "type ";
  std::string const kind = t.code <= dlpack::floating_point ? code : code + std::to_string(t.code) + " of bits ";
  return kind + std::to_string(t.bits) + (t.lanes == 1 ? "" : " in lanes of " + std::to_string(t.lanes));
}

/// Are elements of these extents, row-major, side by side? The stride of an axis of one entry says nothing.
inline bool is_contiguous(dlpack::array const& a, shape const& extents) {
  if (a.strides == nullptr || extents.size() == 0) return true;
  index_t expected = 1;
  for (int axis = extents.rank() - 1; axis >= 0; --axis) {
    if (extents[axis] != 1 && a.strides[axis] != expected) return false;
    expected *= extents[axis];
  }
  return true;
}

}  // namespace detail

/// The tensor for another library, which releases it when it is done. Both may read and write the same elements. Work
/// that was given to the context's stream may still run: the other library uses the same stream, or the caller calls
/// `ctx.synchronize()` first.
template <class T, class Context>
dlpack::managed_pointer to_dlpack(Context const& ctx, tensor<T, Context> const& t) {
  struct owner {
    dlpack::managed_tensor managed;
    tensor<T, Context> kept;
    std::int64_t extents[shape::max_rank], strides[shape::max_rank];
  };
  require<value_error>(t.defined(), "to_dlpack: the tensor is not defined");
  auto o = std::make_unique<owner>();
  o->kept = t;
  std::int64_t stride = 1;
  for (int axis = t.rank() - 1; axis >= 0; --axis) {
    o->extents[axis] = t.extent(axis);
    o->strides[axis] = stride;
    stride *= t.extent(axis);
  }
  o->managed.version = dlpack::current_version;
  o->managed.owner = o.get();
  o->managed.deleter = [](dlpack::managed_tensor* m) { delete static_cast<owner*>(m->owner); };
  o->managed.flags = 0;
  o->managed.array = {
      t.data(), detail::dlpack_device(ctx), t.rank(), detail::dlpack_type<T>(), o->extents, o->strides, 0};
  return dlpack::managed_pointer(&o.release()->managed);
}

/// The tensor of another library, without a copy; released with the last handle. What that library's stream still
/// works on must be waited for, or the stream be that of the context. Takes the pointer over also where it throws:
/// `value_error` on another version, device, number type or a layout with gaps, with what was found and what was
/// wanted.
template <class T, class Context>
tensor<T, Context> from_dlpack(Context const& ctx, dlpack::managed_pointer from) {
  require<value_error>(from != nullptr, "from_dlpack: null");
  require<value_error>(from->version.major == dlpack::current_version.major, "from_dlpack: version ",
                       from->version.major, ".", from->version.minor, ", wanted ", dlpack::current_version.major,
                       ".x");
  dlpack::array const& a = from->array;
  auto const here = detail::dlpack_device(ctx);
  bool const is_here = a.device.type == here.type && a.device.id == here.id;
  bool const is_reachable = is_here || (here.type == dlpack::cuda && a.device.type == dlpack::cuda_managed) ||
                            (here.type == dlpack::cpu && a.device.type == dlpack::cuda_host);
  require<value_error>(is_reachable, "from_dlpack: device ", a.device.type, ":", a.device.id, ", wanted ", here.type,
                       ":", here.id, " (DLPack's numbers)");
  auto const type = detail::dlpack_type<T>();
  require<value_error>(a.type.code == type.code && a.type.bits == type.bits && a.type.lanes == 1,
                       "from_dlpack: ", detail::text_of(a.type), ", wanted ", detail::text_of(type));
  require<value_error>((from->flags & dlpack::read_only) == 0,
                       "from_dlpack: the elements are read-only, and tensors may be written to: copy them first");
  require<shape_error>(a.rank >= 0 && a.rank <= shape::max_rank, "from_dlpack: rank ", a.rank, ", wanted at most ",
                       shape::max_rank);
  shape extents;
  for (std::int32_t axis = 0; axis < a.rank; ++axis) {
    require<shape_error>(a.shape[axis] >= 0, "from_dlpack: extent ", a.shape[axis], " on axis ", axis);
    extents.push_back(a.shape[axis]);
  }
  require<value_error>(detail::is_contiguous(a, extents), "from_dlpack: the elements of ", extents,
                       " are not side by side in this order: make the tensor contiguous first");
  auto* const first = reinterpret_cast<T*>(static_cast<char*>(a.data) + a.byte_offset);
  require<value_error>(reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0,
                       "from_dlpack: elements are not aligned to ", alignof(T), " bytes");
  std::shared_ptr<dlpack::managed_tensor> const owner(std::move(from));
  return tensor<T, Context>::borrow(std::shared_ptr<T>(owner, first), first, extents);
}

}  // namespace v0
}  // namespace fsis

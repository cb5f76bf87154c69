// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <dlfcn.h>

#include <cstdlib>
#include <string>

namespace fsis {
inline namespace v0 {

/// A library loaded while the program runs, and kept until it ends: its own threads and handlers may outlive any
/// object.
class shared_library {
 public:
  /// A copy that the process has loaded already comes first, so that handles of the caller's fit; then the file that
  /// the environment variable names, then `name` where the system looks for libraries. Throws `device_error` where
  /// there is none.
  shared_library(char const* name, char const* environment_variable) : name_(name) {
    char const* const path = std::getenv(environment_variable);
    handle_ = ::dlopen(name, RTLD_NOW | RTLD_NOLOAD);
    if (handle_ == nullptr) handle_ = ::dlopen(path != nullptr ? path : name, RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr) {
      char const* const why = ::dlerror();
      fail<device_error>(name, " cannot be loaded (", why != nullptr ? why : "no reason given",
                         "); LD_LIBRARY_PATH or ", environment_variable, " may say where it is");
    }
  }

  /// A function of this name. Throws `device_error` where the library has none.
  template <class Function>
  void find(Function*& function, char const* symbol) const {
    function = reinterpret_cast<Function*>(::dlsym(handle_, symbol));
    require<device_error>(function != nullptr, name_, " has no ", symbol, ": is it too old?");
  }

 private:
  std::string name_;
  void* handle_ = nullptr;
};

}  // namespace v0
}  // namespace fsis

// SPDX-License-Identifier: MIT
#pragma once

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

/// Work that is done again and again on tensors of the same sizes in the same memory, with other numbers in them. A
/// context may record it and give it to its device as a whole from then on: `work` then says what is done when it is
/// called, and need not be called each time. It must not wait for results, and what it writes to must live outside it.
template <class Context>
class repeated {
 public:
  template <class Work>
  void operator()(Context const&, Work const& work) {
    work();
  }
};

/// Defined in backend/cuda/repeated.hpp.
template <>
class repeated<cuda_context>;

}  // namespace backend
}  // namespace v0
}  // namespace fsis

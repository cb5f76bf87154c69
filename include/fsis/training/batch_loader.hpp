// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Makes batches `first` to `end` - 1 ahead of their use, on threads of its own, and hands them out in order. A batch
/// depends on its number alone, so that the number of threads changes nothing but the time. At most two batches per
/// thread wait.
template <class Batch>
class batch_loader {
 public:
  using maker = std::function<Batch(index_t)>;

  /// `make(number)` is called from several threads at once. Throws `value_error` unless threads >= 1.
  batch_loader(index_t first, index_t end, int threads, maker make)
      : make_(std::move(make)), next_to_make_(first), next_to_take_(first), end_(end), ahead_(2 * index_t{threads}) {
    require<value_error>(threads >= 1, "batch_loader: ", threads, " threads, wanted at least 1");
    for (int t = 0; t < threads; ++t) threads_.emplace_back([this] { work(); });
  }
  batch_loader(batch_loader const&) = delete;
  batch_loader& operator=(batch_loader const&) = delete;
  ~batch_loader() {
    {
      std::lock_guard<std::mutex> hold(mutex_);
      end_ = next_to_make_;
    }
    room_.notify_all();
    for (auto& t : threads_) t.join();
  }

  /// The next batch; waits for it. Rethrows what its making threw.
  Batch next() {
    std::unique_lock<std::mutex> hold(mutex_);
    require<value_error>(next_to_take_ < end_, "batch_loader: batch ", next_to_take_, " of ", end_);
    index_t const number = next_to_take_;
    made_.wait(hold, [&] { return ready_.count(number) > 0; });
    result r = std::move(ready_.at(number));
    ready_.erase(number);
    ++next_to_take_;
    hold.unlock();
    room_.notify_all();
    if (r.failure) std::rethrow_exception(r.failure);
    return std::move(r.batch.front());
  }

 private:
  struct result {
    std::vector<Batch> batch;  // one, or none with a failure
    std::exception_ptr failure;
  };

  void work() {
    std::unique_lock<std::mutex> hold(mutex_);
    while (true) {
      room_.wait(hold, [&] { return next_to_make_ >= end_ || next_to_make_ < next_to_take_ + ahead_; });
      if (next_to_make_ >= end_) return;
      index_t const number = next_to_make_++;
      hold.unlock();
      result r;
      try {
        r.batch.push_back(make_(number));
      } catch (...) {
        r.failure = std::current_exception();
      }
      hold.lock();
      ready_.emplace(number, std::move(r));
      made_.notify_all();
    }
  }

  maker make_;
  std::mutex mutex_;
  std::condition_variable room_, made_;
  std::map<index_t, result> ready_;
  index_t next_to_make_, next_to_take_, end_, ahead_;
  std::vector<std::thread> threads_;
};

}  // namespace training
}  // namespace v0
}  // namespace fsis

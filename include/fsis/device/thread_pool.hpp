// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace fsis {
inline namespace v0 {

/// Runs numbered tasks on a fixed set of threads. The caller works too; `thread_pool(1)` starts no thread. Whoever
/// waits looks again and again for some microseconds before he sleeps: waking up takes longer than many a task, and
/// one piece of work is soon followed by the next.
class thread_pool {
 public:
  explicit thread_pool(int threads) {
    workers_.reserve(threads > 1 ? static_cast<std::size_t>(threads - 1) : 0);
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }
  thread_pool(thread_pool const&) = delete;
  thread_pool& operator=(thread_pool const&) = delete;

  ~thread_pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& w : workers_) w.join();
  }

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls `task(i)` once for every i in [0, count), in any order and on any thread, and returns when all are
  /// done. The first exception of a task is rethrown here. A call from inside a task, or while another thread's
  /// call is under way, runs on the calling thread alone.
  template <class Task>
  void run(index_t count, Task const& task) {
    run(count, [](void const* t, index_t i) { (*static_cast<Task const*>(t))(i); }, &task);
  }

 private:
  using task_call = void (*)(void const* task, index_t i);

  struct job {
    task_call call = nullptr;
    void const* task = nullptr;
    index_t count = 0;
    std::atomic<index_t> next{0};
    std::atomic<int> inside{0};  // workers that hold a pointer to this job; changes under mutex_
    std::exception_ptr failure;  // guarded by mutex_
  };

  // One body for the tasks of all types.
  void run(index_t count, task_call call, void const* task) {
    if (count <= 1 || workers_.empty() || busy_.exchange(true, std::memory_order_acquire)) {
      for (index_t i = 0; i < count; ++i) call(task, i);
      return;
    }
    job j;
    j.call = call;
    j.task = task;
    j.count = count;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      job_ = &j;
      ++generation_;
    }
    wake_.notify_all();
    help(j);
    {
      std::unique_lock<std::mutex> lock(mutex_);
      job_ = nullptr;  // nobody joins any more; wait for those inside
      watch(lock, [&] { return j.inside == 0; });
      done_.wait(lock, [&] { return j.inside == 0; });
    }
    busy_.store(false, std::memory_order_release);
    if (j.failure) std::rethrow_exception(j.failure);
  }

  void help(job& j) {
    for (;;) {
      index_t const i = j.next.fetch_add(1, std::memory_order_relaxed);
      if (i >= j.count) return;
      try {
        j.call(j.task, i);
      } catch (...) {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!j.failure) j.failure = std::current_exception();
        j.next.store(j.count, std::memory_order_relaxed);
      }
    }
  }

  void work() {
    std::size_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      auto const called = [&] { return stopping_ || generation_ != seen; };
      watch(lock, called);
      wake_.wait(lock, called);
      if (stopping_) return;
      seen = generation_;
      if (job_ == nullptr) continue;  // came too late
      job& j = *job_;
      ++j.inside;
      lock.unlock();
      help(j);
      lock.lock();
      if (--j.inside == 0) done_.notify_all();
    }
  }

  /// Waits without the lock until `happened`, or for as long as it takes to be woken.
  template <class Condition>
  static void watch(std::unique_lock<std::mutex>& lock, Condition const& happened) {
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::microseconds patience(100);
    if (happened()) return;
    lock.unlock();
    for (auto const end = clock::now() + patience; !happened() && clock::now() < end;) std::this_thread::yield();
    lock.lock();
  }

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  job* job_ = nullptr;
  std::atomic<std::size_t> generation_{0};  // changes under mutex_, as does stopping_
  std::atomic<bool> stopping_{false};
  std::atomic<bool> busy_{false};
};

}  // namespace v0
}  // namespace fsis

// SPDX-License-Identifier: MIT
#include <cuda/emulation.hpp>

#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace fsis_test {
namespace emulation {
namespace {

/// Device memory: one range of addresses, closed but for kernels and copies. What lies behind each block is looked at when
/// the block is freed: who has written there has written beyond the block.
class device_memory {
 public:
  device_memory() {
    void* const range = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    begin_ = range == MAP_FAILED ? nullptr : static_cast<char*>(range);
  }

  void* allocate(std::size_t bytes) {
    std::size_t const rounded = (bytes + alignment - 1) / alignment * alignment + guard;
    auto const freed = free_.find(rounded);
    char* block = nullptr;
    if (freed != free_.end()) {
      block = static_cast<char*>(freed->second);
      free_.erase(freed);
    } else if (begin_ != nullptr && used_ + rounded <= size) {
      block = begin_ + used_;
      used_ += rounded;
    } else {
      return nullptr;
    }
    sizes_[block] = {bytes, rounded};
    set_open(true);
    std::memset(block + bytes, mark, rounded - bytes);
    set_open(false);
    return block;
  }

  /// False for what is no block; ends the program where somebody has written behind it.
  bool free(void* block) {
    auto const found = sizes_.find(block);
    if (found == sizes_.end()) return false;
    extent const e = found->second;
    set_open(true);
    auto const* const behind = static_cast<unsigned char const*>(block) + e.bytes;
    if (!std::all_of(behind, behind + (e.rounded - e.bytes), [](unsigned char c) { return c == mark; })) {
      std::fprintf(stderr, "emulation: something was written behind a block of %zu bytes\n", e.bytes);
      std::abort();
    }
    set_open(false);
    free_.emplace(e.rounded, block);
    sizes_.erase(found);
    return true;
  }

  bool is_here(void const* p) const { return p >= begin_ && p < begin_ + size; }

  void set_open(bool open) {
    std::size_t const pages = (used_ + page - 1) / page * page;
    if (pages > 0) ::mprotect(begin_, pages, open ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

 private:
  static constexpr std::size_t size = std::size_t{8} << 30, page = 4096, alignment = 256, guard = 256;
  static constexpr unsigned char mark = 0xCD;

  struct extent {
    std::size_t bytes, rounded;
  };

  char* begin_;
  std::size_t used_ = 0;
  std::map<void*, extent> sizes_;
  std::multimap<std::size_t, void*> free_;
};

struct fiber {
  ucontext_t context;
  std::unique_ptr<char[]> stack;
  uint3 place;
  bool ended;
  std::uint64_t barriers;
};

using graph = std::vector<std::function<void()>>;

struct machine {
  device_memory memory;
  std::unique_ptr<graph> captured;  // while a stream is
  int devices = 1, device = 0, calls_until_failure = 0;
  cudaError_t last_error = cudaSuccess;
  counts counted;

  dim3 grid, block;
  uint3 at_block{};
  std::vector<fiber> fibers;
  fiber* running = nullptr;
  uint3 at_thread{};
  ucontext_t scheduler;
  std::function<void()> const* body = nullptr;
};

machine& now() {
  static machine m;
  return m;
}

cudaError_t remember(cudaError_t e) {
  if (e != cudaSuccess) now().last_error = e;
  return e;
}

/// A call of the runtime: fails where it was told to, and without a device.
cudaError_t called() {
  machine& m = now();
  if (m.devices == 0) return remember(cudaErrorInsufficientDriver);
  if (m.calls_until_failure > 0 && --m.calls_until_failure == 0) return remember(cudaErrorUnknown);
  return cudaSuccess;
}

/// A call that a stream cannot be asked for while it is captured.
cudaError_t called_outside_capture() {
  if (now().captured != nullptr) return remember(cudaErrorStreamCaptureUnsupported);
  return called();
}

void run_fiber() {
  machine& m = now();
  (*m.body)();
  m.running->ended = true;
  ::swapcontext(&m.running->context, &m.scheduler);
}

void start(fiber& f) {
  constexpr std::size_t stack_size = std::size_t{1} << 18;
  if (f.stack == nullptr) f.stack.reset(new char[stack_size]);
  f.ended = false;
  f.barriers = 0;
  ::getcontext(&f.context);
  f.context.uc_stack.ss_sp = f.stack.get();
  f.context.uc_stack.ss_size = stack_size;
  f.context.uc_link = nullptr;
  ::makecontext(&f.context, run_fiber, 0);
}

void resume(fiber& f) {
  machine& m = now();
  m.running = &f;
  m.at_thread = f.place;
  ::swapcontext(&m.scheduler, &f.context);
  m.running = nullptr;
}

uint3 place_of(unsigned i, dim3 const& of) { return {i % of.x, i / of.x % of.y, i / of.x / of.y}; }

void run_block() {
  machine& m = now();
  unsigned const threads = m.block.x * m.block.y * m.block.z;
  m.fibers.resize(std::max<std::size_t>(m.fibers.size(), threads));
  for (unsigned i = 0; i < threads; ++i) m.fibers[i].place = place_of(i, m.block);
  start(m.fibers[0]);
  resume(m.fibers[0]);
  if (m.fibers[0].ended) {
    // no barrier: all threads of a block meet the same ones
    for (unsigned i = 1; i < threads; ++i) m.at_thread = m.fibers[i].place, (*m.body)();
    return;
  }
  for (unsigned i = 1; i < threads; ++i) start(m.fibers[i]);
  for (bool all_ended = false; !all_ended;) {
    all_ended = true;
    for (unsigned i = 0; i < threads; ++i)
      if (!m.fibers[i].ended) resume(m.fibers[i]), all_ended = all_ended && m.fibers[i].ended;
  }
}

}  // namespace

void run(dim3 const& grid, dim3 const& block, std::function<void()> const& body) {
  machine& m = now();
  m.grid = grid, m.block = block, m.body = &body;
  unsigned const blocks = grid.x * grid.y * grid.z;
  for (unsigned i = 0; i < blocks; ++i) m.at_block = place_of(i, grid), run_block();
}

uint3 const& thread() { return now().at_thread; }
uint3 const& block() { return now().at_block; }
dim3 const& block_size() { return now().block; }
dim3 const& grid_size() { return now().grid; }

void barrier() {
  machine& m = now();
  fiber& me = *m.running;
  std::uint64_t const mine = ++me.barriers;
  unsigned const threads = m.block.x * m.block.y * m.block.z;
  auto const is_here = [&](unsigned i) { return m.fibers[i].ended || m.fibers[i].barriers >= mine; };
  // the first thread comes here before the others have been started
  do ::swapcontext(&me.context, &m.scheduler);
  while (!std::all_of(&m.fibers[0], &m.fibers[0] + threads,
                      [&](fiber const& f) { return is_here(static_cast<unsigned>(&f - &m.fibers[0])); }));
}

counts const& counted() { return now().counted; }
void set_devices(int count) { now().devices = count; }
void fail_call(int n) { now().calls_until_failure = n; }

cudaError_t launch(dim3 const& grid, dim3 const& block, std::function<void()> const& body) {
  machine& m = now();
  if (cudaError_t const e = called(); e != cudaSuccess) return e;
  std::uint64_t const threads = std::uint64_t{block.x} * block.y * block.z;
  if (threads == 0 || threads > 1024 || block.z > 64 || grid.x == 0 || grid.x > 0x7fffffffu || grid.y == 0 ||
      grid.y > 65535 || grid.z == 0 || grid.z > 65535)
    return remember(cudaErrorInvalidConfiguration);
  auto const run_now = [grid, block, body] {
    ++now().counted.launches;
    now().memory.set_open(true);
    run(grid, block, body);
    now().memory.set_open(false);
  };
  if (m.captured != nullptr)
    m.captured->push_back(run_now);
  else
    run_now();
  return cudaSuccess;
}

}  // namespace emulation
}  // namespace fsis_test

namespace emulation = fsis_test::emulation;
using emulation::called;
using emulation::called_outside_capture;
using emulation::graph;
using emulation::now;
using emulation::remember;

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  if (cudaError_t const e = called(); e != cudaSuccess) return e;
  *count = now().devices;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
  *device = now().device;
  return called();
}
cudaError_t cudaSetDevice(int device) {
  if (device < 0 || device >= now().devices) return remember(cudaErrorInvalidDevice);
  now().device = device;
  return called();
}
cudaError_t cudaGetLastError() { return std::exchange(now().last_error, cudaSuccess); }
char const* cudaGetErrorName(cudaError_t e) { return e == cudaSuccess ? "cudaSuccess" : "cudaErrorOfEmulation"; }
char const* cudaGetErrorString(cudaError_t e) {
  return e == cudaErrorInsufficientDriver ? "no driver (emulated)" : "emulated";
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  *stream = reinterpret_cast<cudaStream_t>(new int);
  return called();
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete reinterpret_cast<int*>(stream);
  return called();
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  ++now().counted.synchronisations;
  return called_outside_capture();
}

cudaError_t cudaMallocAsync(void** block, std::size_t bytes, cudaStream_t) {
  if (cudaError_t const e = called_outside_capture(); e != cudaSuccess) return e;
  ++now().counted.allocations;
  *block = now().memory.allocate(bytes);
  return *block == nullptr ? remember(cudaErrorMemoryAllocation) : cudaSuccess;
}
cudaError_t cudaFreeAsync(void* block, cudaStream_t) {
  return now().memory.free(block) ? called() : remember(cudaErrorInvalidValue);
}
cudaError_t cudaMemcpyAsync(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  if (cudaError_t const e = called_outside_capture(); e != cudaSuccess) return e;
  auto const is_device = [](void const* p) { return now().memory.is_here(p); };
  bool const fits = kind == cudaMemcpyHostToDevice   ? is_device(to) && !is_device(from)
                    : kind == cudaMemcpyDeviceToHost ? !is_device(to) && is_device(from)
                                                     : is_device(to) && is_device(from);
  if (!fits) return remember(cudaErrorInvalidValue);
  ++now().counted.copies;
  now().memory.set_open(true);
  std::memcpy(to, from, bytes);
  now().memory.set_open(false);
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t, cudaStreamCaptureMode) {
  now().captured = std::make_unique<graph>();
  return called();
}
cudaError_t cudaStreamEndCapture(cudaStream_t, cudaGraph_t* recorded) {
  ++now().counted.graphs;
  *recorded = reinterpret_cast<cudaGraph_t>(now().captured.release());
  return called();
}
cudaError_t cudaGraphDestroy(cudaGraph_t g) {
  delete reinterpret_cast<graph*>(g);
  return called();
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* ready, cudaGraph_t g, unsigned long long) {
  *ready = reinterpret_cast<cudaGraphExec_t>(new graph(*reinterpret_cast<graph*>(g)));
  return called();
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t g) {
  delete reinterpret_cast<graph*>(g);
  return called();
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t g, cudaStream_t) {
  ++now().counted.graph_launches;
  for (auto const& work : *reinterpret_cast<graph*>(g)) work();
  return called();
}

cudaError_t cudaMallocHost(void** block, std::size_t bytes) {
  *block = ::operator new(bytes);
  return called();
}
cudaError_t cudaFreeHost(void* block) {
  ::operator delete(block);
  return called();
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = reinterpret_cast<cudaEvent_t>(new int);
  return called();
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete reinterpret_cast<int*>(event);
  return called();
}
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t) { return called(); }
cudaError_t cudaEventQuery(cudaEvent_t) { return called(); }
cudaError_t cudaEventSynchronize(cudaEvent_t) { return called(); }

}  // extern "C"

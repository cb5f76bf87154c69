# SPDX-License-Identifier: MIT
"""Times the trunk of VGG16 at 384x384 in PyTorch on a CUDA device: eager, compiled, and as a CUDA graph, channels last."""
import torch
from torch_trunk import trunk


def median_ms(work, rounds=21):
    for _ in range(5):
        work()
    times = []
    for _ in range(rounds):
        before, after = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        before.record()
        work()
        after.record()
        after.synchronize()
        times.append(before.elapsed_time(after))
    return sorted(times)[rounds // 2]


def graphed(work):
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            work()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


print(torch.__version__, torch.cuda.get_device_name())
for name, tf32, kind in (("float32", False, None), ("tf32", True, None), ("bf16", True, torch.bfloat16),
                         ("fp16", True, torch.float16)):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    net = trunk().cuda().to(memory_format=torch.channels_last)
    picture = torch.randn(1, 3, 384, 384, device="cuda").to(memory_format=torch.channels_last)
    cast = torch.autocast("cuda", dtype=kind or torch.float32, enabled=kind is not None)

    def forward(module=net):
        with torch.inference_mode(), cast:
            return module(picture)

    def step():
        net.zero_grad(set_to_none=True)
        with cast:
            y = net(picture)
        y.backward(y.detach())

    variants = [("eager", forward), ("graph", graphed(forward))]
    try:
        compiled = torch.compile(net)
        forward(compiled)
        variants.append(("compiled", lambda: forward(compiled)))
    except Exception as error:  # without a compiler for its kernels
        print(f"compiled: {type(error).__name__}")
    for variant, work in variants:
        print(f"trunk.forward  {name:8} {variant:9} {median_ms(work):8.3f} ms")
    print(f"trunk.gradient {name:8} eager     {median_ms(step):8.3f} ms", flush=True)

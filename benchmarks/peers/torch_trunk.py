# SPDX-License-Identifier: MIT
"""Times the convolutions and pools of VGG16 at 384x384, batch 1, in PyTorch: torch_trunk.py THREADS"""
import sys
import time

import torch
from torch import nn


def trunk():
    layers, channels = [], 3
    for width in [64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool", 512, 512, 512, "pool", 512, 512, 512]:
        if width == "pool":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
    return nn.Sequential(*layers)


def median_ms(work, rounds=5):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[rounds // 2] * 1e3


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    for layout in (torch.contiguous_format, torch.channels_last):
        net = trunk().to(memory_format=layout)
        picture = torch.randn(1, 3, 384, 384).to(memory_format=layout)

        def forward():
            with torch.inference_mode():
                net(picture)

        def forward_and_backward():
            y = net(picture)
            y.backward(torch.ones_like(y))

        print(f"{torch.__version__}, {sys.argv[1]} threads, {layout}: forward {median_ms(forward):.1f} ms, "
              f"forward and backward {median_ms(forward_and_backward):.1f} ms")

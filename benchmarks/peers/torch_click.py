# SPDX-License-Identifier: MIT
"""Times a click with f-BRS behind the junction, in the network of the thesis at full width, in PyTorch with SciPy's
L-BFGS: torch_click.py THREADS [SIDE]

The steps are those of fsis-bench's vgg16.session.click_fbrs: click maps, click fusion, trunk of the photo, focus,
junction, head, 20 evaluations behind the junction on the whole map with frozen weights, mask. What clicks do not change
(prior, prototype) is given. The weights are made up, and the stop rule of the released code is left out, so that every
run takes all its evaluations. Where SciPy is not installed PyTorch's own L-BFGS takes its place.
"""
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

try:
    from scipy.optimize import fmin_l_bfgs_b
except ImportError:
    fmin_l_bfgs_b = None


def convolutions(channels, *widths):
    layers = []
    for width in widths:
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
        channels = width
    return nn.Sequential(*layers)


def fusion(channels, hidden, out):
    return nn.Sequential(nn.Conv2d(channels, hidden, 1), nn.LeakyReLU(0.2), nn.BatchNorm2d(hidden),
                         nn.Conv2d(hidden, out, 1))


def resized(x, size):
    return F.interpolate(x, size, mode="bilinear", align_corners=True)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.fusion = fusion(5, 8, 3)
        self.low = nn.Sequential(convolutions(3, 64, 64), nn.MaxPool2d(2), convolutions(64, 128, 128), nn.MaxPool2d(2),
                                 convolutions(128, 256, 256, 256), nn.MaxPool2d(2))
        self.high = convolutions(256, 512, 512, 512)
        self.join = nn.Sequential(nn.Conv2d(768, 256, 1), nn.ReLU(inplace=True))
        self.focus = fusion(3, 8, 1)
        self.junction = convolutions(513, 256, 256)
        self.head = nn.Sequential(convolutions(256, 256, 256), nn.Conv2d(256, 1, 1))

    def joint(self, image, maps, support, prior):
        low = self.low(self.fusion(torch.cat([image, maps], 1)))
        query = self.join(torch.cat([low, self.high(low)], 1))
        size = query.shape[2:]
        focused = self.focus(torch.cat([resized(prior, size), resized(maps, size)], 1))
        return self.junction(torch.cat([query, support.expand(-1, -1, *size), focused], 1))

    def logits(self, joint, side):
        return resized(self.head(joint), (side, side))


def click_maps(clicks, side):
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    maps = torch.zeros(1, 2, side, side)
    for sign in range(2):
        square = torch.full((side, side), 1e12)
        for cy, cx, positive in clicks:
            if positive == (sign == 0):
                square = torch.minimum(square, ((y - cy) ** 2 + (x - cx) ** 2).float())
        maps[0, sign] = torch.tanh(torch.sqrt(square) / 260)
    return maps


def squares(clicks, side):
    wanted = torch.zeros(2, 1, 1, side, side)
    for cy, cx, positive in clicks:
        wanted[0 if positive else 1, 0, 0, max(cy - 1, 0):cy + 2, max(cx - 1, 0):cx + 2] = 1
    return wanted


def minimise(loss_at, numbers):
    """The best of 20 evaluations from zeros on, and their count."""
    count = 0

    def evaluate(x):
        nonlocal count
        count += 1
        v = torch.from_numpy(x).float().requires_grad_()
        loss = loss_at(v)
        loss.backward()
        return float(loss), v.grad.numpy().astype(np.float64)

    if fmin_l_bfgs_b is not None:
        best, _, _ = fmin_l_bfgs_b(evaluate, np.zeros(numbers), m=20, factr=0, pgtol=0, maxfun=20, maxiter=20)
        return torch.from_numpy(best).float(), count

    v = torch.zeros(numbers, requires_grad=True)
    search = torch.optim.LBFGS([v], max_iter=20, max_eval=20, history_size=20, line_search_fn="strong_wolfe",
                               tolerance_grad=0, tolerance_change=0)

    def closure():
        nonlocal count
        count += 1
        search.zero_grad()
        loss = loss_at(v)
        loss.backward()
        return loss

    search.step(closure)
    return v.detach(), count


def click(net, image, clicks, support, prior, side):
    with torch.no_grad():
        joint = net.joint(image, click_maps(clicks, side), support, prior)
    positive, negative = squares(clicks, side)
    channels = joint.shape[1]

    def refined(v):
        return joint * (1 + v[:channels].view(1, -1, 1, 1)) + v[channels:].view(1, -1, 1, 1)

    def loss_at(v):
        p = torch.sigmoid(net.logits(refined(v), side))
        wrong = [((1 - p) ** 2 * positive).sum() / positive.sum().clamp(min=1),
                 (p**2 * negative).sum() / negative.sum().clamp(min=1)]
        return sum(wrong) + 1e-3 * ((v[:channels] ** 2).sum() + 10 * (v[channels:] ** 2).sum())

    best, evaluations = minimise(loss_at, 2 * channels)
    with torch.no_grad():
        mask = torch.sigmoid(net.logits(refined(best), side)) > 0.5
    return mask, evaluations


threads, side = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400
torch.set_num_threads(threads)
torch.manual_seed(1)
for layout in (torch.contiguous_format, torch.channels_last):
    net = Network().eval().requires_grad_(False).to(memory_format=layout)
    image = torch.randn(1, 3, side, side).to(memory_format=layout)
    support, prior = torch.rand(1, 256, 1, 1), torch.rand(1, 1, side // 16, side // 16)
    trunk = nn.Sequential(net.low, net.high, nn.MaxPool2d(2), convolutions(512, 512, 512, 512)).to(memory_format=layout)
    times, passes = [], []
    for _ in range(4):
        start = time.perf_counter()
        _, evaluations = click(net, image, [(side // 2, side // 3, True)], support, prior, side)
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        with torch.inference_mode():
            trunk(image)
        passes.append(time.perf_counter() - start)
    search = "SciPy" if fmin_l_bfgs_b is not None else "torch.optim.LBFGS"
    print(f"{torch.__version__}, {search}, {threads} threads, {side}x{side}, {layout}: "
          f"click with {evaluations} evaluations {np.median(times[1:]) * 1e3:.0f} ms, "
          f"one pass of the 13 convolutions {np.median(passes[1:]) * 1e3:.0f} ms", flush=True)

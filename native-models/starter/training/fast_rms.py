"""Steps of transformers whose backward passes are quick on the CPU: few passes over the data, in the data's own precision."""
import torch

EPSILON = 1e-6


class _RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, epsilon):
        r = torch.rsqrt(torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32).square() / x.shape[-1] + epsilon).to(x.dtype)
        y = x * r
        ctx.save_for_backward(y, r)
        return y

    @staticmethod
    def backward(ctx, dy):
        y, r = ctx.saved_tensors
        along = (dy * y).mean(-1, keepdim=True)
        return torch.addcmul(dy, y, along, value=-1).mul_(r), None


def rms_norm(x, epsilon=EPSILON):
    """x / √(mean x² + ε) over the last dimension"""
    return _RMSNorm.apply(x, epsilon)


class _Rotate(torch.autograd.Function):
    """Pairs (2j, 2j + 1) are turned by an angle; back-propagation turns them back."""

    @staticmethod
    def forward(ctx, x, cos, sin, swap):
        ctx.save_for_backward(cos, sin, swap)
        return torch.addcmul(x * cos, x @ swap, sin)

    @staticmethod
    def backward(ctx, dy):
        cos, sin, swap = ctx.saved_tensors
        return torch.addcmul(dy * cos, dy @ swap, sin, value=-1), None, None, None


def swapping(head):
    """The matrix that takes each pair (a, b) to (−b, a)."""
    m = torch.zeros(head, head)
    for j in range(0, head, 2):
        m[j + 1, j], m[j, j + 1] = -1, 1
    return m


def rotate(x, angles):
    """x (…, N, head); angles: cosines and sines (N, head) and the swapping matrix"""
    cos, sin, swap = (a.to(x.dtype) for a in angles)
    return _Rotate.apply(x, cos, sin, swap)

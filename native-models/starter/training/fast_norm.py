"""Group normalisation whose backward pass is quick on channels-last tensors on the CPU."""
import torch
from torch import nn


class _GroupNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, groups, eps):
        y, mean, rstd = torch.native_group_norm(x, weight.to(x.dtype), bias.to(x.dtype), x.shape[0], x.shape[1], x[0, 0].numel(), groups, eps)
        ctx.save_for_backward(x, weight, mean, rstd)
        ctx.groups = groups
        return y

    @staticmethod
    def backward(ctx, dy):
        x, weight, mean, rstd = ctx.saved_tensors
        n, c, h, w = x.shape
        g, per = ctx.groups, c // ctx.groups
        xs, ds = x.permute(0, 2, 3, 1).reshape(n, h * w, c), dy.permute(0, 2, 3, 1).reshape(n, h * w, c)
        ones = torch.ones(n, 1, h * w, dtype=x.dtype)
        sum_dy = (ones @ ds).float().view(n, c)
        sum_dyx = (ones @ (ds * xs)).float().view(n, c)
        mean_c, rstd_c = mean.float().repeat_interleave(per, 1), rstd.float().repeat_interleave(per, 1)
        dxhat_sum = (sum_dyx - mean_c * sum_dy) * rstd_c
        dweight, dbias = dxhat_sum.sum(0), sum_dy.sum(0)
        wf = weight.float()
        count = per * h * w
        a = ((wf * sum_dy).view(n, g, per).sum(2) / count).repeat_interleave(per, 1)
        b = ((wf * dxhat_sum).view(n, g, per).sum(2) / count).repeat_interleave(per, 1)
        # dx = rstd·(w·dy − a − x̂·b)
        k1 = (rstd_c * wf)
        k2 = -(rstd_c * rstd_c * b)
        k3 = rstd_c * (rstd_c * mean_c * b - a)
        view = lambda k: k.to(x.dtype).view(n, c, 1, 1)
        dx = torch.addcmul(view(k3), x, view(k2)).addcmul(dy, view(k1))
        return dx, dweight, dbias, None, None


class GroupNorm(nn.GroupNorm):
    def forward(self, x):
        return _GroupNorm.apply(x, self.weight, self.bias, self.num_groups, self.eps)

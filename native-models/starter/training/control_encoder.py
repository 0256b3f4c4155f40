"""DINOv2. Attribute names give the state-dict keys of transformers' Dinov2Model."""
import torch
import torch.nn.functional as F
from torch import nn

HEAD, EPSILON = 64, 1e-6


class Container(nn.Module):
    """Modules and parameters by name; nested names give the authors' keys."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items(): setattr(self, name, part)


def scale(width):
    return Container(lambda1=nn.Parameter(torch.ones(width)))


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, EPSILON), nn.LayerNorm(width, EPSILON)
        projections = Container(query=nn.Linear(width, width), key=nn.Linear(width, width), value=nn.Linear(width, width))
        self.attention = Container(attention=projections, output=Container(dense=nn.Linear(width, width)))
        self.layer_scale1, self.layer_scale2 = scale(width), scale(width)
        self.mlp = Container(fc1=nn.Linear(width, 4 * width), fc2=nn.Linear(4 * width, width))

    def forward(self, x):
        b, n, width = x.shape
        h, parts = self.norm1(x), self.attention.attention
        q, k, v = (part(h).view(b, n, -1, HEAD).transpose(1, 2) for part in (parts.query, parts.key, parts.value))
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, width)
        x = x + self.attention.output.dense(mixed) * self.layer_scale1.lambda1
        return x + self.mlp.fc2(F.gelu(self.mlp.fc1(self.norm2(x)))) * self.layer_scale2.lambda1


class ControlBackbone(nn.Module):
    def __init__(self, side=16, patch=8, width=192, layers=3):
        super().__init__()
        small = lambda *shape: nn.Parameter(0.02 * torch.randn(*shape))
        self.embeddings = Container(
            cls_token=small(1, 1, width), mask_token=nn.Parameter(torch.zeros(1, width)), position_embeddings=small(1, side * side + 1, width),
            patch_embeddings=Container(projection=nn.Conv2d(3, width, patch, patch)))
        self.embeddings.mask_token.requires_grad_(False)
        self.encoder = Container(layer=nn.ModuleList(Layer(width) for _ in range(layers)))
        self.layernorm = nn.LayerNorm(width, EPSILON)

    def forward(self, maps):
        """maps (B, 3, patch·side, patch·side) in [-1, 1] -> (B, side², width)"""
        e = self.embeddings
        x = e.patch_embeddings.projection(maps).flatten(2).transpose(1, 2)
        x = torch.cat([e.cls_token.expand(len(x), -1, -1).to(x.dtype), x], 1) + e.position_embeddings
        for layer in self.encoder.layer: x = layer(x)
        return self.layernorm(x)[:, 1:]

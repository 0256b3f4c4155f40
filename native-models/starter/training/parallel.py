"""Data-parallel training on one machine: a process for each core, each with one thread, gradients averaged once a step.
Quicker than threads inside the operators wherever other programs share the cores."""
import os, socket
import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def _enter(rank, main, arguments, workers, port):
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT=str(port))
    dist.init_process_group('gloo', rank=rank, world_size=workers)
    torch.set_num_threads(1)
    main(arguments, rank)
    dist.destroy_process_group()


def launch(main, arguments, workers):
    """Runs main(arguments, rank) in `workers` processes."""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    mp.spawn(_enter, (main, arguments, workers, port), workers)


def average(parameters, number):
    """Averages the gradients over the processes; -> the average of `number`, so that all agree on the time."""
    grads = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([g.flatten() for g in grads] + [torch.tensor([number], dtype=torch.float32)])
    dist.all_reduce(flat); flat /= dist.get_world_size()
    start = 0
    for g in grads:
        g.copy_(flat[start:start + g.numel()].view_as(g)); start += g.numel()
    return float(flat[-1])

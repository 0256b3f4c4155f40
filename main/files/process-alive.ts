/**
 * Whether another process of this machine still runs.
 */

/** @param pid a process's number, as text or number; anything else is not alive */
export function isProcessAlive(pid: string | number): boolean {
  if (!/^[1-9]\d{0,9}$/.test(String(pid))) return false;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

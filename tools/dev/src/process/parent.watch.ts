/**
 * Loaded into a service before its own code (`node --import`): when the runner that started it is gone, even by
 * SIGKILL, the channel between them closes and the service stops as it would on SIGTERM.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

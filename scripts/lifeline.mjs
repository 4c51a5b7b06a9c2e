// Loaded into every task by bootstrap.mjs. If the launcher dies without a word (kill -9, a closed session), the task is asked to stop as by SIGTERM,
// instead of trading on unseen.
if (process.env.MILLRACE_LAUNCHER && process.channel) {
  delete process.env.MILLRACE_LAUNCHER // it is for this process, not for those it starts
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

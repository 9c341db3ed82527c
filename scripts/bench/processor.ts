/** Processor time, which other work on the machine disturbs far less than it disturbs the clock on the wall. */

/** Milliseconds that a provider's process has used so far, all of its threads: from its metrics page. */
export const cpuMsOf = async (metrics: string): Promise<number> => {
  const text = await (await fetch(metrics)).text()
  const seconds = /^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1]
  if (seconds === undefined) throw new Error(`${metrics} says nothing of processor time`)
  return Number(seconds) * 1000
}

/** The same of this process. */
export const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

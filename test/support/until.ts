/** Waiting for what will hold. */
const UNTIL_MS = 15_000
const POLL_MS = 5

/** Gives up before its test does: a wait that outlived its test would keep the whole run from ending. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadlineMs = performance.now() + UNTIL_MS
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`still waiting after ${UNTIL_MS / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

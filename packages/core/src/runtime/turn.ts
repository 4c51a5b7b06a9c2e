/** A turn of the event loop: timers, signals and a page's clicks come through. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

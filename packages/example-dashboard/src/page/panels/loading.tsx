/** What stands where nothing has been read yet, or could not be. */
export function Loading({ failure }: { failure: string | undefined }) {
  return failure === undefined ? <p class="empty">Reading …</p> : <p class="empty bad" role="alert">{`Not available. ${failure}`}</p>
}

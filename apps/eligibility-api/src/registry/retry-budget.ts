/** Retries that may be saved up: what a quiet hour leaves must not all be spent in a bad second. */
const SAVED_MAX = 10;

/**
 * Retries earned by calls: of a hundred calls, as many retries as `percent` says. However many calls fail, those that are asked get
 * no more than that on top.
 */
export class RetryBudget {
  /** In hundredths of a retry, so that ten tenths are one. */
  private saved = 0;

  constructor(private readonly percent: number) {}

  /** A call was made that is no retry. */
  earn(): void {
    this.saved = Math.min(SAVED_MAX * 100, this.saved + this.percent);
  }

  /** Takes one retry, where there is one. */
  spend(): boolean {
    if (this.saved < 100) return false;
    this.saved -= 100;
    return true;
  }
}

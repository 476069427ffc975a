/** A message as it came, by whatever way. */
export interface Incoming {
  /** File name, which says what kind of message it is: `OQSsiquc01req_20261122000001.xml`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** What becomes of a message. */
export type Outgoing =
  /** Answered: by a result, or by a message that says why there is none. */
  | { readonly kind: 'answered'; readonly name: string; readonly bytes: Buffer }
  /** It cannot be read as a message at all, so that no message can answer it. */
  | { readonly kind: 'malformed'; readonly code: string; readonly message: string };

/** Whoever answers messages cannot be reached: the message is kept, and asked again. */
export class DeskUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('whoever answers messages cannot be reached', options);
    this.name = 'DeskUnreachable';
  }
}

/** Answers messages of one client: in this process, or over HTTP. */
export interface Desk {
  /**
   * Resolves also when there is no answer to give. The same message under the same name is answered once: a repeat soon after gets
   * what the first got.
   * @throws DeskUnreachable
   */
  reply(incoming: Incoming): Promise<Outgoing>;
}

/** Frames of the follower there (python/reward_studio/there/follow.py): a line `KIND BYTES`, and that many bytes. */

export interface Frame {
  readonly kind: string;
  readonly content: Buffer;
}

const LONGEST_HEAD = 64;

/** @throws Error where what comes is no frame: something else writes into the connection */
export async function* framesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    for (;;) {
      const feed = held.indexOf(10);
      if (feed === -1) {
        if (held.length > LONGEST_HEAD) throw noFrame(held);
        break;
      }
      const head = /^([a-z]+) (\d+)$/.exec(held.toString('latin1', 0, Math.min(feed, LONGEST_HEAD)));
      if (!head) throw noFrame(held);
      const end = feed + 1 + Number(head[2]);
      if (held.length < end) break;
      yield { kind: head[1]!, content: held.subarray(feed + 1, end) };
      held = held.subarray(end);
    }
  }
}

const noFrame = (held: Buffer): Error =>
  new Error(`not a frame of the follower: ${JSON.stringify(held.toString('utf8', 0, LONGEST_HEAD))}`);

import { codeOf, isAboutMd5, type RequestFailure } from '../errors/request-error.ts';

/** How this upload is being sent. */
export type Sending = { readonly partSize: number; readonly parts: number; readonly concurrency: number };

const MiB = 1024 ** 2;

/**
 * The flag that cures a refusal by a server that differs from OpenAI's, where one does: such servers want parts of at
 * least 5 MiB or at most 16 MiB, the parts in the order of their ids, fewer bodies at once, or no md5. Only the hint
 * looks at the server's words.
 */
export const serverHint = (failure: RequestFailure, sending: Sending): string | undefined => {
  if (failure.endpoint === 'part') return partHint(failure, sending);
  return failure.endpoint === 'complete' ? completeHint(failure, sending) : undefined;
};

function partHint(failure: RequestFailure, { partSize, concurrency }: Sending): string | undefined {
  const { status, about = '' } = failure;
  const isAboutSize =
    status === 413 || (codeOf(failure) === 'REJECTED' && /size|large|small|exceed|minimum|at least|bytes/i.test(about));
  if (isAboutSize) return partSizeHint(partSize, about);
  if ((status === 503 || status === 429) && concurrency > 1) {
    return 'run the same command again: it resumes; if the server takes few parts at once, add --concurrency 1';
  }
  return undefined;
}

const partSizeHint = (partSize: number, about: string): string | undefined => {
  if (partSize < 5 * MiB && !/large|exceed|most/i.test(about))
    return 'some servers want larger parts: run again with --restart --part-size 8MiB';
  if (partSize > 16 * MiB) return 'some servers want smaller parts: run again with --restart --part-size 16MiB';
  return partSize > 5 * MiB ? 'some servers want smaller parts: run again with --restart --part-size 5MiB' : undefined;
};

function completeHint(failure: RequestFailure, { parts, concurrency }: Sending): string | undefined {
  // One part is always in order.
  if (parts === 1 || isAboutMd5(failure)) return undefined;
  const inOrder = failure.status === 400 && (concurrency > 1 || /order|sequen/i.test(failure.about ?? ''));
  return inOrder
    ? 'some servers want the parts in order, one at a time: run again with --restart --concurrency 1'
    : undefined;
}

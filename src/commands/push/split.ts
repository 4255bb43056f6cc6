import type { Values } from '../../cli/options/option.ts';
import type { splitFlags } from '../../cli/options/split-flags.ts';
import type { ByteRange } from '../../core/model/byte-range.ts';
import type { FileJob } from '../../core/model/file-job.ts';
import { createSplitter, limitsOf, nameOfPiece, type SplitLimits } from '../../core/policy/split.ts';
import { readInline } from '../../io/read/file-reader.ts';
import { openFileSource } from '../../io/source/file-source.ts';
import type { Jobs } from './jobs.ts';

export type SplitValues = Values<typeof splitFlags>;

/** The jobs, with several in the place of one whose file is above the limits. Without a split flag they stay as they are. */
export const splitJobs = async (jobs: Jobs, values: SplitValues, signal: AbortSignal): Promise<Jobs> => {
  const { split, splitSize, splitLines, splitTokens } = values;
  if (!split && splitSize === undefined && splitLines === undefined && splitTokens === undefined) return jobs;
  const pieces: FileJob[] = [];
  for (let index = 0; index < jobs.size; index += 1) {
    const job = jobs.at(index);
    pieces.push(...piecesOf(job, await rangesOf(job, values, signal)));
  }
  return { size: pieces.length, at: index => pieces[index] as FileJob };
};

const piecesOf = (job: FileJob, ranges: readonly ByteRange[]): readonly FileJob[] =>
  ranges.length < 2
    ? [job]
    : ranges.map((range, index) => ({
        ...job,
        range,
        filename: nameOfPiece(job.filename, index + 1, ranges.length),
        label: `${job.path} [${index + 1}/${ranges.length}]`,
      }));

/** What is wrong with the file itself is said when it is pushed. */
async function rangesOf(job: FileJob, values: SplitValues, signal: AbortSignal): Promise<readonly ByteRange[]> {
  const source = await openFileSource(job.path, readInline).catch(() => undefined);
  if (!source) return [];
  try {
    const { size } = source.fingerprint;
    const splitter = createSplitter(limitsFor(job.purpose, values));
    for await (const chunk of source.read({ number: 1, offset: 0, size }, undefined).bytes) {
      signal.throwIfAborted();
      splitter.write(chunk);
    }
    return splitter.end();
  } finally {
    await source.close();
  }
}

const limitsFor = (purpose: string, { splitSize, splitLines, splitTokens }: SplitValues): SplitLimits => {
  const limits = limitsOf(purpose);
  return {
    bytes: splitSize ?? limits.bytes,
    lines: splitLines ?? limits.lines,
    tokens: splitTokens ?? limits.tokens,
  };
};

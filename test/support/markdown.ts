/** A fenced block of a page. */
export type Block = {
  /** What stands behind the fence: `sh`, `yaml`; empty where nothing does. */
  readonly language: string;
  readonly text: string;
  /** The HTML comment on the line above it. */
  readonly directive: string | undefined;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly heading: string;
};

const FENCE = /^```(\w*)\s*$/;
const DIRECTIVE = /^<!--\s*(.*?)\s*-->$/;

/** Every fenced block, in order. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { readonly language: string; readonly start: number } | undefined;
  const lines = page.split('\n');
  for (const [index, line] of lines.entries()) {
    const language = FENCE.exec(line)?.[1];
    if (open === undefined && language !== undefined) open = { language, start: index };
    else if (open !== undefined && language === '') {
      const directive = DIRECTIVE.exec(lines[open.start - 1] ?? '')?.[1];
      const text = lines.slice(open.start + 1, index).join('\n');
      blocks.push({ language: open.language, text, directive, line: open.start + 1, heading });
      open = undefined;
    } else if (open === undefined && line.startsWith('#')) heading = line.replace(/^#+ /, '');
  }
  return blocks;
}

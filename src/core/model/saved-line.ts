/** How a saved upload stands. `changed`: the file's size or time differs; its content is looked at when it resumes. */
export type SavedState = 'resumable' | 'expired' | 'completing' | 'changed' | 'missing';

/** A saved upload as `list --json` and `show --json` print it. Public. */
export type SavedLine = {
  readonly path: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly bytes_done: number;
  readonly parts: { readonly total: number; readonly done: number };
  readonly upload_id: string;
  /** Unix seconds, as the API gave it. */
  readonly expires_at: number | null;
  readonly state: SavedState;
  readonly base_url: string;
  readonly created_at: number;
};

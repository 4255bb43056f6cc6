import type { UploadEvent } from '../core/outcome/upload-event.ts';

/** Options of `push`. They are those of the command, and what is left out is as it is there. */
export type PushOptions = {
  /** What the file is for: `fine-tune`, `batch`, `assistants`, `vision`, `user_data`, …; the server decides. */
  readonly purpose: string;
  /** Name at the server; the file's own. */
  readonly filename?: string | undefined;
  /** By the name. */
  readonly mimeType?: string | undefined;
  /** Life of the resulting File in seconds, an hour to 30 days; the server's. */
  readonly expiresAfterSeconds?: number | undefined;
  /** Bytes of a part, at most 64 MiB; by the size of the file. A saved upload keeps its own. */
  readonly partSize?: number | undefined;
  /** Parts in flight, 1 to 64; `auto`. */
  readonly concurrency?: number | 'auto' | undefined;
  /** Whether `complete` carries the md5 of the whole file; true. */
  readonly md5?: boolean | undefined;
  /**
   * Whether the lines are checked while they are sent; `true` for the purposes `batch`, `fine-tune` and `evals`, `false`
   * for others. An error rejects with `SOURCE` and the reason `invalid-lines`, and nothing is completed. `'warn'`
   * uploads all the same: the findings are in `check` of the result.
   */
  readonly check?: boolean | 'warn' | undefined;
  /** Treat warnings of the check as errors; false. */
  readonly strict?: boolean | undefined;
  /** Ignore what is saved and start from the first byte; false. */
  readonly restart?: boolean | undefined;
  /** Do not send a file again that an earlier push uploaded and that is still there; false. */
  readonly skipUploaded?: boolean | undefined;
  /** Further attempts after failures in a row; 10. */
  readonly retries?: number | undefined;
  /** Bytes a second; as fast as it goes. */
  readonly limitRate?: number | undefined;
  /** Longest wait for a connection; 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest time without a byte moved; 60,000. There is no limit on the whole. */
  readonly stallTimeoutMs?: number | undefined;
  /** Wait so long for another push of the same file; 0: reject with `LOCKED`. */
  readonly lockWaitMs?: number | undefined;
  /** `OPENAI_API_KEY`; with `azureEndpoint` the key of the resource, and no variable. */
  readonly apiKey?: string | undefined;
  /** `OPENAI_BASE_URL`, else `https://api.openai.com/v1`. */
  readonly baseUrl?: string | undefined;
  /** An Azure resource, like `https://NAME.openai.azure.com`, in place of `baseUrl`; its key is `apiKey` or `azureAdToken`. */
  readonly azureEndpoint?: string | undefined;
  /** Version of Azure's classic API, like `2024-10-21`; the v1 API, which has none. */
  readonly azureApiVersion?: string | undefined;
  /** Token of Microsoft Entra for the resource; it comes before `apiKey`. */
  readonly azureAdToken?: string | undefined;
  /** `OPENAI_ORG_ID`. */
  readonly organization?: string | undefined;
  /** `OPENAI_PROJECT_ID`. */
  readonly project?: string | undefined;
  /** Added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** URL of an http or https proxy, with `user:password@` where it asks; none, whatever `HTTPS_PROXY` says. */
  readonly proxy?: string | undefined;
  /** PEM file of authorities to trust besides Node's own. */
  readonly caFile?: string | undefined;
  /** PEM file of a client certificate. */
  readonly clientCertFile?: string | undefined;
  /** PEM file of its key; the certificate's file. */
  readonly clientKeyFile?: string | undefined;
  /** Folder of saved uploads; the command's: each goes on with what the other began. */
  readonly stateDir?: string | undefined;
  /** Aborting it stops at once and keeps everything: the promise rejects with `INTERRUPTED`, pushing again goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Receives everything that happens, in order. What it throws is thrown to the process; the upload goes on. */
  readonly onEvent?: ((event: UploadEvent) => void) | undefined;
};

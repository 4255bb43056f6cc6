/** The call of the API that takes a File of a purpose, and where its id goes: OpenAI's API reference. */
const steps: Readonly<Record<string, string>> = {
  batch: 'POST /v1/batches with this id as input_file_id',
  'fine-tune': 'POST /v1/fine_tuning/jobs with this id as training_file',
  evals: 'POST /v1/evals/{eval_id}/runs with this id as file_id of its source',
  assistants: 'POST /v1/vector_stores/{id}/files with this id as file_id',
  user_data: 'POST /v1/responses with this id in an input_file',
  vision: 'POST /v1/responses with this id in an input_image',
};

/** One line that says what to do with the id of a File; nothing for a purpose that is not known. */
export const nextStep = (purpose: string): string | undefined =>
  Object.hasOwn(steps, purpose) ? `next: ${steps[purpose]}` : undefined;

// In the place of src/commands/completion-script.ts: the script is an asset of the executable.
import { getAsset } from 'node:sea';

export const completionScript = async shell => getAsset(`completion/oai-upload.${shell}`, 'utf8');

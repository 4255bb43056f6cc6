import { sourceError } from '../../core/errors/errors.ts';

/** What the system said when a file was to be opened or read. */
export const unreadable = (path: string, error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return sourceError('not-found', `${path} does not exist`, undefined, error);
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return sourceError('unreadable', `${path} cannot be read: permission denied`, undefined, error);
  return sourceError('unreadable', `${path} cannot be read: ${error.message}`, undefined, error);
};

/** The same where a read failed; any other error is left as it is. */
export const asUnreadable = (path: string, error: NodeJS.ErrnoException): unknown =>
  error.syscall === 'read' ? unreadable(path, error) : error;

/** The file got shorter under the run. */
export const endedEarly = (path: string, position: number) =>
  sourceError(
    'changed-while-sent',
    `${path} ends at byte ${position} now: it got shorter while it was sent`,
    'run the same command again when the file is at rest',
  );

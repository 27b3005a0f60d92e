/** Format of a backup folder; a restore refuses any other. */
export const BACKUP_FORMAT = 1;
/** Folder of backups inside the data folder, unless another is asked for. */
export const BACKUPS_FOLDER = "backups";
/** How often a backup starts over because accounts were closed under it. */
export const BACKUP_ATTEMPTS = 5;
/** How often one attempt looks whether a journal went on in a new segment under it. */
export const JOURNAL_LOOKS = 20;
/** Bytes of a manifest; a larger file is none. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
/** A backup holds password hashes and the signing key: its owner alone may read it. */
export const PRIVATE_FOLDER_MODE = 0o700;
export const PRIVATE_FILE_MODE = 0o600;
/** Backups of upgrades that are kept; the oldest is removed when one more was made. */
export const UPGRADE_BACKUPS = 3;
/** Room that must be there before an upgrade, in sizes of the data: for the backup, and for what the upgrade writes anew. */
export const UPGRADE_ROOM_FACTOR = 1.5;

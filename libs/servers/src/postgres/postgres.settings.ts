/**
 * Server settings, given on the command line so that an old data folder gets new ones too.
 *
 * Nothing a customer typed may reach the server's log: statements, parameters, and the texts and details of
 * errors (they quote values) stay out of it. What remains is start, stop, connections refused and crashes.
 */
export function postgresSettings(options: { port: number; ephemeral: boolean }): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // No socket files: one way in, and it asks for a password.
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '200',
    // Who has connected must say a password: until then a stranger keeps one of the server's places.
    authentication_timeout: '15s',
    shared_buffers: '256MB',
    // A session may not set it otherwise: none can fill the disk that all write to.
    temp_file_limit: '1GB',
    // NOTIFY can be revoked from nobody: half a megabyte of it is kept for those who listen, instead of eight
    // gigabytes.
    max_notify_queue_pages: '64',
    log_statement: 'none',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_min_duration_statement: '-1',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(options.ephemeral ? EPHEMERAL : {}),
  };
}

/** A throw-away server trades its data's life for speed: a crash loses it, and the run with it. */
const EPHEMERAL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

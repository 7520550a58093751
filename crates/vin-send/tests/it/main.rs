//! Messages over real sockets: to a small SMTP server, and to HTTP servers.

mod mail;
mod webhook;

//! A private PostgreSQL cluster: on loopback, in a temporary folder, gone when the test process is.
//!
//! It needs Debian's package `postgresql` and fails without it. Run by root, the server runs as
//! the user `postgres` that the package made, for it refuses to run as root.

use crate::{Authority, end_with_us, free_port};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    server: Mutex<Child>,
    /// The shell that ends the cluster, waiting for its input to close: that happens even when
    /// the test process is killed.
    _end: Child,
}

static NAMES: AtomicU32 = AtomicU32::new(0);

impl Cluster {
    /// The cluster of this process, started when it is first asked for.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A cluster of the caller's own, which it may stop and kill.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn start() -> Self {
        Self::prepared(|_| ())
    }

    /// A cluster of the caller's own that speaks TLS only; an authority vouches that it is `host`.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn secure(authority: &Authority, host: &str) -> Self {
        Self::prepared(|data| {
            let files = authority.certify(host, data);
            // It refuses a key that others may read or that is not its own.
            let narrow = Command::new("chmod").arg("600").arg(&files.key).status();
            assert!(narrow.expect("chmod runs").success(), "the key is narrowed");
            give_to_server(&files.key);
            let edit = |name: &str, change: &dyn Fn(String) -> String| {
                let text = fs::read_to_string(data.join(name)).expect("its settings");
                fs::write(data.join(name), change(text)).expect("written");
            };
            edit("postgresql.conf", &|text| text + "\nssl = on\n");
            edit("pg_hba.conf", &|text| text.replace("\nhost ", "\nhostssl "));
        })
    }

    /// Starts a server after `prepare` has seen its data folder.
    fn prepared(prepare: impl FnOnce(&Path)) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new()
            .prefix("chejia-postgres-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        give_to_server(&folder);
        let data = folder.join("data");
        let made = as_server(&programs.join("initdb"), &folder)
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=chejia",
                "--encoding=UTF8",
            ])
            .args(["--no-locale", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        prepare(&data);
        let port = free_port();
        let server = Mutex::new(server(&programs, &folder, port));
        let end = end_with_us(&folder, "head -n 1 \"$0/data/postmaster.pid\"", "QUIT");
        let cluster = Self {
            folder,
            programs,
            port,
            server,
            _end: end,
        };
        cluster.wait_until_ready();
        cluster
    }

    /// The URL of a new database, empty.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> String {
        let name = format!("test_{}", NAMES.fetch_add(1, Ordering::Relaxed));
        self.sql(
            "postgres",
            &format!("create database {name} template template0"),
        );
        self.url(&name)
    }

    /// Runs SQL in the database of a URL that [`Cluster::database`] gave; what it printed.
    ///
    /// # Panics
    /// When the SQL fails.
    pub fn run(&self, url: &str, sql: &str) -> String {
        self.sql(url.rsplit('/').next().unwrap_or_default(), sql)
    }

    /// Everything in the database of a URL, as SQL.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn dump(&self, url: &str) -> String {
        let dumped = Command::new(self.programs.join("pg_dump"))
            .arg(url)
            .output();
        let dumped = dumped.expect("pg_dump runs");
        assert!(
            dumped.status.success(),
            "{}",
            String::from_utf8_lossy(&dumped.stderr)
        );
        String::from_utf8_lossy(&dumped.stdout).into_owned()
    }

    /// Kills every process of the server at once, as a power cut would, and starts it again.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn crash(&self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        // The postmaster's death makes its backends end at once.
        server.kill().expect("killed");
        server.wait().expect("ended");
        let mut tries = 0;
        loop {
            *server = self::server(&self.programs, &self.folder, self.port);
            thread::sleep(Duration::from_millis(200));
            // It gives up at once while a backend of the dead one still has the shared memory.
            if server.try_wait().expect("its state").is_none() {
                break;
            }
            tries += 1;
            assert!(tries < 100, "PostgreSQL does not come back: {}", self.log());
        }
        drop(server);
        self.wait_until_ready();
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://chejia@127.0.0.1:{}/{name}", self.port)
    }

    fn sql(&self, database: &str, sql: &str) -> String {
        let done = Command::new(self.programs.join("psql"))
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
            ])
            .args(["--dbname", &self.url(database), "--command", sql])
            .output()
            .expect("psql runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    fn wait_until_ready(&self) {
        let mut looks = 0;
        loop {
            let ready = Command::new(self.programs.join("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1", "--dbname=postgres"])
                .arg(format!("--port={}", self.port))
                .status();
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
            looks += 1;
            assert!(looks < 600, "PostgreSQL does not start: {}", self.log());
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

fn server(programs: &Path, folder: &Path, port: u16) -> Child {
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .expect("a log file");
    as_server(&programs.join("postgres"), folder)
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""])
        .args(["-c", "max_connections=200", "-c", "shared_buffers=64MB"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("postgres runs")
}

/// Makes a file or folder the server's own.
fn give_to_server(path: &Path) {
    if is_root() {
        let given = Command::new("chown").arg("postgres").arg(path).status();
        let given = given.expect("chown runs");
        assert!(
            given.success(),
            "the user postgres must exist: install postgresql"
        );
    }
}

/// A command that runs as the user of the server.
fn as_server(program: &Path, folder: &Path) -> Command {
    let mut command = match is_root() {
        true => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(program);
            command
        }
        false => Command::new(program),
    };
    command.current_dir(folder);
    command
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| {
        let id = Command::new("id").arg("-u").output().expect("id runs");
        id.stdout.trim_ascii() == b"0"
    })
}

/// Where `initdb` and the others lie: Debian keeps them out of the path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .exists()
                .then_some((version, programs))
        })
        .collect();
    found.sort();
    if let Some((_, programs)) = found.pop() {
        return programs;
    }
    let mut which = Command::new("sh");
    let found = which.args(["-c", "command -v initdb"]).output();
    let mut path = String::new();
    if let Ok(output) = found {
        // What is no UTF-8 is no path that we know.
        let _ = (&output.stdout[..]).read_to_string(&mut path);
    }
    let folder = Path::new(path.trim()).parent().filter(|p| p.is_absolute());
    folder
        .expect("PostgreSQL must be installed: .ci/run does it, or apt-get install postgresql")
        .to_owned()
}

//! The web pages in a real browser: `pages/walk.mjs` does what people do, and looks at every page.
//!
//! It needs Chromium, Node and npm; what it finds wrong fails the test. The pictures of every page
//! are left in the target folder, in `pages`.

use crate::chejia;
use crate::place::CARS;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use vin_testkit::upstream::{Format, Upstream};

/// A server without demo, and where its first owner is made.
pub struct Site {
    child: Child,
    pub owner: String,
}

impl Site {
    fn start(dir: &Path) -> Self {
        let dir = dir.to_str().expect("UTF-8");
        let args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", dir];
        Self::started(chejia(&args))
    }

    /// Starts one by this command.
    pub fn started(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("starts");
        let stdout = BufReader::new(child.stdout.as_mut().expect("piped"));
        let line = stdout.lines().next().expect("a link").expect("UTF-8");
        let (_, owner) = line.split_once("once: ").expect("a link");
        let owner = owner.to_owned();
        Self { child, owner }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts the file of a channel into its place, with the secrets that it names.
fn channel(dir: &Path, upstream: &Upstream) {
    use std::os::unix::fs::PermissionsExt as _;
    let secrets = dir.join("secrets.toml");
    std::fs::write(&secrets, "up_key = \"one\"\nup_sk = \"two\"\n").expect("written");
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).expect("set");
    let folder = dir.join("channels");
    std::fs::create_dir(&folder).expect("made");
    let text = format!(
        "name = \"up\"\npreset = \"connapi\"\ncost = {{ per_call = 0.01, per_hit = 0.2 }}\n\n[request]\n\
         url = \"http://{}/api/vin/get\"\ncleartext = true\nnetworks = [\"127.0.0.1\"]\n",
        upstream.address()
    );
    std::fs::write(folder.join("up.toml"), text).expect("written");
}

/// The folder with the script and the packages that it needs.
fn scripts() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/pages");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages-scripts");
    std::fs::create_dir_all(&to).expect("a directory");
    let lock = "package-lock.json";
    let has = std::fs::read(to.join("node_modules").join(lock)).ok();
    let wanted = std::fs::read(from.join(lock)).expect("the lock file");
    for name in ["package.json", lock, "walk.mjs", "buy.mjs"] {
        std::fs::copy(from.join(name), to.join(name)).expect("copied");
    }
    if has.is_none_or(|has| has != wanted) {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        let done = npm
            .current_dir(&to)
            .output()
            .expect("npm must be installed");
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "npm ci: {stderr}");
        let mark = to.join("node_modules").join(lock);
        std::fs::copy(from.join(lock), mark).expect("copied");
    }
    to
}

#[test]
fn people_find_their_way_through_every_page() {
    let dir = tempfile::tempdir().expect("a directory");
    let upstream = Upstream::start(Format::Connapi);
    channel(dir.path(), &upstream);
    let cars = dir.path().join("cars.csv");
    std::fs::write(&cars, CARS).expect("written");
    let site = Site::start(dir.path());
    let (base, _) = site.owner.split_once("/join/").expect("a link");
    let cars = cars.to_str().expect("a path");
    walk("walk.mjs", &[base, &site.owner, cars]);
}

/// Runs a script with these arguments and the folder of pictures.
pub fn walk(script: &str, args: &[&str]) {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    // The packages are installed once.
    let scripts = {
        let _one_at_a_time = ONE
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        scripts()
    };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../pages");
    let mut walk = Command::new("node");
    walk.current_dir(scripts);
    walk.arg(script).args(args).arg(&pictures);
    let walked = walk.output().expect("Node must be installed");
    let said = String::from_utf8_lossy(&walked.stderr);
    let told = String::from_utf8_lossy(&walked.stdout);
    assert!(walked.status.success(), "{said}\n{told}");
}

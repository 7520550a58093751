//! Vehicle data, backups and long work of operators. The machine here keeps texts instead of packs: what
//! an import does to real data is shown where the program is tested.

use super::*;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, stream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use vin_console::desk::{Backup, Bytes, DataState, Desk, Generation, Made, Tell};

/// The most bytes of a file.
const MOST: u64 = 1_000;

/// A machine that keeps what it is given.
pub struct Machine {
    folder: PathBuf,
    service: Arc<Service>,
    generations: Arc<Mutex<Vec<String>>>,
    in_force: Arc<Mutex<u32>>,
}

impl Machine {
    pub fn new(folder: &Path, service: Arc<Service>) -> Self {
        let folder = folder.to_owned();
        Self {
            folder,
            service,
            generations: Arc::default(),
            in_force: Arc::default(),
        }
    }
}

impl Desk for Machine {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }

    fn data(&self) -> Result<DataState, String> {
        let made = self.generations.lock().expect("whole").clone();
        let generation = |(number, text): (u32, &String)| Generation {
            number,
            made: "2026-11-24".to_owned(),
            imported: text.clone(),
            bytes: text.len() as u64,
            outdated: false,
        };
        let built_in = "built in".to_owned();
        let all = (0..)
            .zip([built_in].iter().chain(&made))
            .map(generation)
            .collect();
        Ok(DataState {
            in_force: *self.in_force.lock().expect("whole"),
            generations: all,
            ..DataState::default()
        })
    }

    fn month(&self) -> String {
        "2026-10".to_owned()
    }

    fn most_bytes(&self) -> u64 {
        MOST
    }

    fn uploads(&self) -> std::io::Result<PathBuf> {
        let folder = self.folder.join("uploads");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn import(&self, file: PathBuf, name: String, tell: Tell) -> BoxFuture<'static, Made> {
        let (generations, in_force) = (self.generations.clone(), self.in_force.clone());
        let task = async move {
            tell("reading", 1, 2);
            let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
            if text.contains("wrong") {
                return Err("no row can be taken".to_owned());
            }
            let mut generations = generations.lock().expect("whole");
            generations.push(format!("{name} {text}"));
            *in_force.lock().expect("whole") = generations.len() as u32;
            Ok("taken".to_owned())
        };
        task.boxed()
    }

    fn back(&self, to: u32) -> BoxFuture<'static, Made> {
        let (generations, in_force) = (self.generations.clone(), self.in_force.clone());
        let task = async move {
            if to as usize > generations.lock().expect("whole").len() {
                return Err(format!("{to} is not kept"));
            }
            *in_force.lock().expect("whole") = to;
            Ok(format!("{to} is in force"))
        };
        task.boxed()
    }

    fn backups(&self) -> Result<Vec<Backup>, String> {
        let path = self.folder.join("chejia-1.jsonl");
        let made = std::fs::metadata(path).into_iter().map(|about| Backup {
            name: "chejia-1.jsonl".to_owned(),
            bytes: about.len(),
            made: 1_795_492_800,
        });
        Ok(made.collect())
    }

    fn backup(&self, _: Tell) -> BoxFuture<'static, Made> {
        let (path, store) = (
            self.folder.join("chejia-1.jsonl"),
            self.service.accounts().store().clone(),
        );
        let task = async move {
            let mut out = Vec::new();
            let rows = store
                .backup(&mut out)
                .await
                .map_err(|error| error.to_string())?;
            std::fs::write(path, out).map_err(|error| error.to_string())?;
            Ok(format!("{rows} rows"))
        };
        task.boxed()
    }

    fn open_backup(&self, name: &str) -> Option<(u64, Bytes)> {
        let own = name == "chejia-1.jsonl";
        let bytes = own.then(|| std::fs::read(self.folder.join(name)).ok())??;
        let length = bytes.len() as u64;
        Some((length, Box::pin(stream::iter([Ok(bytes)]))))
    }
}

/// A page once the work on it has ended.
async fn ended(browser: &mut Browser, path: &str) -> Got {
    for _ in 0..500 {
        let got = browser.get(path).await;
        assert_eq!(got.status, 200, "{}", got.body);
        if !got.body.contains("data-runs") {
            return got;
        }
        assert!(
            got.body.contains("http-equiv=\"refresh\""),
            "it is not looked at again"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it does not end");
}

#[test]
fn data_are_imported_by_upload_and_an_earlier_generation_comes_back() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        assert_shows(&owner.get("/admin/data").await, "内置数据");
        let status = owner.get("/status").await;
        assert_shows(&status, "2026-10");
        assert_shows(&status, "本节点已运行 0 分钟");
        let token = owner.token.clone();
        let got = owner.upload("/admin/data/import", &token, b"cars").await;
        assert_eq!(got.to, "/admin/data?done=begun");
        let got = ended(&mut owner, "/admin/data").await;
        assert_shows(&got, "taken");
        assert_shows(&got, "cars.csv cars");
        assert!(
            std::fs::read_dir(site._dir.path().join("uploads"))
                .expect("there")
                .next()
                .is_none()
        );
        let got = owner.post("/admin/data/back", &[("to", "0")]).await;
        assert_eq!(got.to, "/admin/data?done=swapped");
        let got = owner.post("/admin/data/back", &[("to", "9")]).await;
        assert_eq!(got.status, 422);
        owner.get("/admin/data").await;
        owner.upload("/admin/data/import", &token, b"wrong").await;
        assert_shows(
            &ended(&mut owner, "/admin/data").await,
            "no row can be taken",
        );
        let got = owner.get("/admin/audit").await;
        for text in ["data.import", "data.back", "failed: no row can be taken"] {
            assert_shows(&got, text);
        }
    });
}

#[test]
fn an_upload_is_taken_in_from_its_own_page_only_and_up_to_a_limit() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        owner.get("/admin/data").await;
        let token = owner.token.clone();
        let got = owner.upload("/admin/data/import", "0123", b"cars").await;
        assert_eq!(got.status, 403);
        let got = owner
            .upload("/admin/data/import", &token, &[b'x'; 2_000])
            .await;
        assert_eq!(got.status, 413, "{}", got.body);
        let got = owner.upload("/admin/data/import", &token, b"").await;
        assert_eq!(got.status, 422);
        let got = owner.post("/admin/data/import", &[]).await;
        assert_eq!(got.status, 403, "a form without a file");
        site.clock.pass(Duration::from_secs(3_600));
        let got = owner.upload("/admin/data/import", &token, b"cars").await;
        assert!(got.to.starts_with("/confirm"), "{} {}", got.status, got.to);
        let uploads = std::fs::read_dir(site._dir.path().join("uploads"));
        assert!(
            uploads.is_ok_and(|mut left| left.next().is_none()),
            "something was left"
        );
    });
}

#[test]
fn a_backup_is_made_and_downloaded_after_the_password_was_asked_for() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        assert_shows(&owner.get("/admin/backups").await, "还没有备份");
        owner.post("/admin/backups", &[]).await;
        assert_shows(&ended(&mut owner, "/admin/backups").await, "chejia-1.jsonl");
        let got = owner.post("/admin/backups/chejia-1.jsonl", &[]).await;
        assert!(got.body.starts_with("[\"chejia backup 1\""), "{}", got.body);
        assert_eq!(owner.post("/admin/backups/other", &[]).await.status, 404);
        assert_shows(&owner.get("/admin/audit").await, "backup.download");
        site.clock.pass(Duration::from_secs(3_600));
        owner.get("/admin/backups").await;
        let got = owner.post("/admin/backups/chejia-1.jsonl", &[]).await;
        assert!(got.to.starts_with("/confirm"), "{}", got.to);
    });
}

#[test]
fn the_ledger_is_checked_beside_the_pages() {
    on_site(async |site| {
        site.customer("13812345678", 10).await;
        let mut owner = site.operator("ada", Role::Owner).await;
        owner.get("/admin/ledger").await;
        owner.post("/admin/ledger", &[]).await;
        assert_shows(
            &ended(&mut owner, "/admin/ledger").await,
            "账目一致：1 个账户",
        );
    });
}

#[test]
fn an_owner_removes_the_lost_factor_of_another() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        let mut other = site.operator("bob", Role::Support).await;
        let store = site.accounts().store();
        let ids: Vec<_> = store
            .operators()
            .await
            .expect("read")
            .iter()
            .map(|row| row.id)
            .collect();
        let holder = vin_store::Holder::Operator(ids[1]);
        let factor = vin_store::NewFactor {
            holder,
            method: vin_store::Method::Totp,
            sealed: b"x",
            step: 0,
            at: 1,
        };
        store.add_factors(&[factor], None).await.expect("added");
        owner.get("/admin/operators").await;
        let path = |at: usize| format!("/admin/operators/{}/factors", ids[at].0);
        let got = owner.post(&path(0), &[("reason", "x")]).await;
        assert_eq!(got.status, 404, "one's own");
        let got = owner.post(&path(1), &[("reason", "lost phone")]).await;
        assert_eq!(got.to, "/admin/operators?done=factors");
        assert!(store.factors(holder).await.expect("read").is_empty());
        assert_eq!(other.get("/admin").await.status, 303, "still signed in");
        assert_shows(&owner.get("/admin/audit").await, "lost phone");
    });
}

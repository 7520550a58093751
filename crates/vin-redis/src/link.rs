//! The connection: it is there or it is not, and a task of its own finds it again.
//!
//! A question asks once, waits a short time, and at the first failure the connection is gone for
//! all: nobody waits for a server that somebody has found away.

use crate::url::RedisUrl;
use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, FromRedisValue, PushInfo, PushKind, RedisError};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// How long a question waits for its answer, unless the operator says otherwise.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// How long entering may take; no question waits for that.
const ENTER: Duration = Duration::from_secs(1);

/// How long to wait before the first try to enter again, and at most; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const MOST_PAUSE: Duration = Duration::from_secs(3);

/// How often a server that nobody asks is asked whether it is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// After so many good looks what went before is forgotten.
const STEADY_LOOKS: u32 = 5;

/// Redis is away or too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away;

/// Redis, there or not; clones share the connection.
#[derive(Clone)]
pub struct Redis {
    inner: Arc<Inner>,
    _keeper: Arc<Keeper>,
}

/// A connection to a server that was there when last heard of.
#[derive(Clone)]
pub struct Link {
    connection: MultiplexedConnection,
    number: u64,
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    url: RedisUrl,
    /// What every name begins with.
    space: String,
    patience: Duration,
    link: ArcSwapOption<Entered>,
    /// Tells the keeper to look at once.
    look: Arc<Notify>,
    /// Counts announcements and new connections: after either, what was known may be old.
    news: watch::Sender<u64>,
    losses: AtomicU64,
}

struct Entered {
    connection: MultiplexedConnection,
    number: u64,
}

/// Ends the task when nobody uses it any more.
struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({} to {})", self.number, self.inner.url.place)
    }
}

impl Redis {
    /// Begins to connect, and returns at once: a server that is away is no reason not to start.
    ///
    /// `space` keeps the names of one installation apart from those of others on the same server.
    pub fn start(url: RedisUrl, space: &str, patience: Duration) -> Self {
        let inner = Arc::new(Inner {
            url,
            space: space.to_owned(),
            patience,
            link: ArcSwapOption::empty(),
            look: Arc::default(),
            news: watch::Sender::new(0),
            losses: AtomicU64::new(0),
        });
        let keeper = tokio::spawn(keep(inner.clone()));
        Self {
            inner,
            _keeper: Arc::new(Keeper(keeper)),
        }
    }

    /// The connection, if the server is there.
    pub fn link(&self) -> Option<Link> {
        self.inner.held()
    }

    /// How often the server was lost.
    pub fn losses(&self) -> u64 {
        self.inner.losses.load(Ordering::Relaxed)
    }

    /// Counts announcements of others, and connections: whenever it changes, what this process
    /// knows of the store may be old.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.inner.news.subscribe()
    }

    /// Waits until the server is there, for so long at most.
    ///
    /// # Errors
    /// [`Away`].
    pub async fn wait(&self, time: Duration) -> Result<Link, Away> {
        let mut news = self.news();
        let there = async {
            loop {
                if let Some(link) = self.link() {
                    return link;
                }
                if news.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(time, there).await.map_err(|_| Away)
    }
}

impl Link {
    /// Tells connections apart: after a new one the server may have forgotten everything.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether this is the first time that `name` happens within `time`, anywhere.
    ///
    /// # Errors
    /// [`Away`].
    pub async fn first(&self, name: &str, time: Duration) -> Result<bool, Away> {
        let mut set = redis::cmd("SET");
        set.arg(self.name(name)).arg(1).arg("NX").arg("PX");
        set.arg(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        let set: Option<String> = self.ask(&set).await?;
        Ok(set.is_some())
    }

    /// Tells every node that what it knows of the store may be old.
    ///
    /// # Errors
    /// [`Away`].
    pub async fn announce(&self) -> Result<(), Away> {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(channel(&self.inner.space)).arg("changed");
        self.ask(&publish).await
    }

    /// A name in the space of the installation.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}:{name}", self.inner.space)
    }

    pub(crate) async fn ask<R: FromRedisValue>(&self, command: &Cmd) -> Result<R, Away> {
        let mut connection = self.connection.clone();
        self.answered(command.query_async(&mut connection)).await
    }

    pub(crate) async fn run<R: FromRedisValue>(
        &self,
        script: &redis::ScriptInvocation<'_>,
    ) -> Result<R, Away> {
        let mut connection = self.connection.clone();
        self.answered(script.invoke_async(&mut connection)).await
    }

    async fn answered<R>(
        &self,
        asked: impl Future<Output = Result<R, RedisError>>,
    ) -> Result<R, Away> {
        let why = match tokio::time::timeout(self.inner.patience, asked).await {
            Ok(Ok(answer)) => return Ok(answer),
            // One that answers with an error, such as "out of memory", is no better than away.
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} ms", self.inner.patience.as_millis()),
        };
        self.inner.lose(self.number, &why);
        Err(Away)
    }
}

impl Inner {
    /// The connection, if there is one.
    fn held(self: &Arc<Self>) -> Option<Link> {
        let entered = self.link.load();
        entered.as_ref().map(|entered| Link {
            connection: entered.connection.clone(),
            number: entered.number,
            inner: self.clone(),
        })
    }

    /// Drops a connection, the first time that it fails.
    fn lose(&self, number: u64, why: &str) {
        let held = self.link.load();
        if held.as_ref().is_none_or(|held| held.number != number) {
            return;
        }
        let before = self.link.compare_and_swap(&held, None);
        if before.as_ref().is_some_and(|held| held.number == number) {
            self.losses.fetch_add(1, Ordering::Relaxed);
            say_away(&self.url.place, why);
            self.look.notify_one();
        }
    }

    /// Enters, sees that scripts may write, and listens to announcements.
    async fn enter(self: &Arc<Self>, number: u64) -> Result<Arc<Entered>, String> {
        let (news, look) = (self.news.clone(), self.look.clone());
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ENTER))
            .set_response_timeout(Some(ENTER))
            .set_push_sender(move |push: PushInfo| {
                match push.kind {
                    PushKind::Message => news.send_modify(|count| *count += 1),
                    PushKind::Disconnection => look.notify_one(),
                    _ => {}
                }
                Ok::<_, redis::aio::SendError>(())
            });
        let entering = async {
            let client = &self.url.client;
            let entering = client.get_multiplexed_async_connection_with_config(&config);
            let mut connection = entering.await?;
            let probe = redis::Script::new(PROBE);
            let key = format!("{}:probe", self.space);
            let _: () = probe.key(key).invoke_async(&mut connection).await?;
            connection.subscribe(channel(&self.space)).await?;
            Ok::<_, RedisError>(connection)
        };
        match tokio::time::timeout(2 * ENTER, entering).await {
            Ok(Ok(connection)) => Ok(Arc::new(Entered { connection, number })),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer".to_owned()),
        }
    }
}

/// What a server must be able to do that counts as there.
const PROBE: &str = "return redis.call('set', KEYS[1], 1, 'px', 60000)";

/// Says once that the server is away; what stands in the log when it comes back is below.
fn say_away(place: &str, why: &str) {
    tracing::error!(
        redis = place,
        why,
        "Redis is away: limits are this node's part of each until it is back"
    );
}

fn channel(space: &str) -> String {
    format!("{space}:changed")
}

/// Enters, watches, and enters again.
async fn keep(inner: Arc<Inner>) {
    let mut pause = FIRST_PAUSE;
    let mut is_first = true;
    let mut said = false;
    for number in 1.. {
        match inner.enter(number).await {
            Err(why) => {
                // A loss was said when it was noticed.
                if is_first && !said {
                    said = true;
                    say_away(&inner.url.place, &why);
                }
            }
            Ok(entered) => {
                inner.link.store(Some(entered));
                inner.news.send_modify(|count| *count += 1);
                match is_first && !said {
                    true => tracing::debug!(redis = inner.url.place, "limits are shared"),
                    false => tracing::info!(redis = inner.url.place, "Redis is back"),
                }
                is_first = false;
                let looks = watch_over(&inner).await;
                if looks >= STEADY_LOOKS {
                    pause = FIRST_PAUSE;
                }
            }
        }
        tokio::time::sleep(pause).await;
        pause = (2 * pause).min(MOST_PAUSE);
    }
}

/// Looks after the connection until it is lost; how often it was found well.
async fn watch_over(inner: &Arc<Inner>) -> u32 {
    let mut looks = 0;
    loop {
        tokio::select! {
            () = inner.look.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let Some(link) = inner.held() else {
            return looks;
        };
        if link.ask::<()>(&redis::cmd("PING")).await.is_err() {
            return looks;
        }
        looks = looks.saturating_add(1);
    }
}

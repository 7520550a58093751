//! `chejia serve`

use super::data::Place;
use super::{open_accounts, print, start_log};
use crate::CommandError;
use crate::channels::ChannelFiles;
use crate::cli::Serve;
use crate::desk::{self, Desk};
use crate::outside::SystemClock;
use crate::packs::{self, Generation, InForce, Packs};
use crate::settings::Settings;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vin_api::param::EXAMPLE_VIN;
use vin_api::{App, Pack, base_url, panics, paths};
use vin_core::{Date, Level};
use vin_service::purchases::Trial;
use vin_service::{Clock as _, DEMO_KEY, Networks, Node, Policy, Service, ServiceParts};

/// Serves until a signal says stop.
pub fn run(args: &Serve) -> Result<(), CommandError> {
    let settings = Settings::load(&args.settings, args.listen)?;
    if args.demo && !settings.listen.ip().is_loopback() {
        let text = format!(
            "--demo has a key that everybody knows, so it listens on a loopback address only, not on {}",
            settings.listen
        );
        return Err(CommandError::Usage(text));
    }
    let node = Node::new(settings.node).ok_or_else(|| {
        CommandError::Usage(format!("node must be 0 to 999, not {}", settings.node))
    })?;
    let policy = policy(&settings)?;
    if settings.guest_daily > 1_000 {
        let text = format!(
            "guest_daily must be 0 to 1000, not {}",
            settings.guest_daily
        );
        return Err(CommandError::Usage(text));
    }
    let proxies = Networks::parse(&settings.trusted_proxies).ok_or_else(|| {
        CommandError::Usage("trusted_proxies must be networks such as 10.0.0.0/8".to_owned())
    })?;
    start_log(&settings.log, &settings.log_format)?;
    panics::log_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CommandError::io("runtime"))?;
    let demo = args.demo;
    let served = runtime.block_on(serve(&settings, node, demo, policy, proxies));
    // A look at a database that does not answer must not keep the process.
    runtime.shutdown_background();
    served
}

/// What the operator has decided.
fn policy(settings: &Settings) -> Result<Policy, CommandError> {
    let levels = [Level::Brand, Level::Type, Level::Group, Level::Car];
    let wanted = settings.charge_min_level.as_str();
    let level = levels.into_iter().find(|level| level.name() == wanted);
    let off: Vec<_> = settings.off.split_whitespace().map(str::to_owned).collect();
    let known: Vec<_> = paths().collect();
    let unknown = off.iter().find(|path| !known.contains(&path.as_str()));
    if let Some(path) = unknown {
        let text = format!("off: {path} is none of {}", known.join(", "));
        return Err(CommandError::Usage(text));
    }
    if !(1..=1_200).contains(&settings.log_months) {
        return Err(CommandError::Usage(
            "log_months must be 1 to 1200".to_owned(),
        ));
    }
    if settings.trial_calls > 1_000_000 || settings.trial_days > 36_500 {
        let text = "trial_calls must be 0 to 1000000, trial_days 0 to 36500";
        return Err(CommandError::Usage(text.to_owned()));
    }
    let text = || format!("charge_min_level must be brand, type, group or car, not {wanted}");
    Ok(Policy {
        charge_min_level: level.ok_or_else(|| CommandError::Usage(text()))?,
        off,
        keep_months: settings.log_months,
        routing: crate::routing::read(settings)?,
        counter: crate::counter::read(settings)?,
        outgoing: crate::outgoing::read(settings)?,
        verifier: crate::verifier::read(settings)?,
        trial: Trial {
            calls: settings.trial_calls,
            days: settings.trial_days,
        },
    })
}

/// Where clients see the server, if the operator says it.
fn public_url(text: &str) -> Result<Option<String>, CommandError> {
    match (text, base_url::parse(text)) {
        ("", _) => Ok(None),
        (_, Some(url)) => Ok(Some(url)),
        (_, None) => Err(CommandError::Usage(format!(
            "public_url must be an address such as https://vin.example.com, not {text}"
        ))),
    }
}

async fn serve(
    settings: &Settings,
    node: Node,
    demo: bool,
    policy: Policy,
    trusted_proxies: Networks,
) -> Result<(), CommandError> {
    let public_url = public_url(&settings.public_url)?;
    // From here on a signal ends the program in order.
    let stop = stop_signal()?;
    // A file that is wrong stops the start; later ones are told in the log.
    let channels = ChannelFiles::of(settings);
    let asked = channels.load()?.len();
    let accounts = open_accounts(settings).await?;
    if demo {
        accounts.seed_demo().await?;
    }
    let packs = Packs::of(&settings.data_dir);
    let (data, pack) = opened(&packs, SystemClock::new().china_date())?;
    let generation = data.generation;
    let (tell, pack) = watch::channel(pack);
    tracing::info!("answering with {}", data.describe());
    if asked > 0 {
        tracing::info!("{asked} channels can be asked beside it");
    }
    let service = Service::start(ServiceParts {
        accounts,
        engine: data.engine,
        node,
        demo,
        policy,
        upstreams: Some(Arc::new(channels)),
    })
    .await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(CommandError::io(format!(
            "listening on {}",
            settings.listen
        )))?;
    let address = listener
        .local_addr()
        .map_err(CommandError::io("listening"))?;
    tracing::info!("listening on http://{address}");
    let metrics = metrics(settings, &service).await?;
    if demo {
        print_demo(address)?;
    }
    let fresh = tokio::spawn({
        let service = service.clone();
        async move { service.keep_fresh().await }
    });
    let watched = tokio::spawn({
        let service = service.clone();
        packs::watch(service, packs, generation, move |data| {
            tell.send_replace(pack_of(data));
        })
    });
    let app = App {
        service: service.clone(),
        pack: pack.clone(),
        public_url: public_url.clone(),
        logos: Some(settings.data_dir.join("logos")),
        trusted_proxies: trusted_proxies.clone(),
    };
    let api = vin_api::router(app);
    desk::sweep(&settings.data_dir);
    let desk = Desk::new(service.clone(), Place::with(settings.clone())?);
    let notices = vin_api::pay_router(service.clone());
    let pages = crate::console::router(crate::console::Wiring {
        service: service.clone(),
        api: api.clone(),
        public_url: public_url.clone(),
        trusted_proxies,
        guest_daily: settings.guest_daily,
        pack,
        demo,
        desk: Arc::new(desk),
    });
    let base = public_url.unwrap_or_else(|| format!("http://{address}"));
    print_first_owner(&service, &base).await?;
    // When the money is not certain, nobody gets another answer.
    tokio::select! {
        () = vin_api::serve(listener, pages.merge(api).merge(notices), stop) => {}
        why = service.stopped() => {
            return Err(CommandError::Failed(format!("stopped, for the money is not certain: {why}")));
        }
    }
    fresh.abort();
    watched.abort();
    metrics.inspect(JoinHandle::abort);
    service.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Serves the metrics where the operator wants them, beside the interface and never on it.
async fn metrics(
    settings: &Settings,
    service: &Arc<Service>,
) -> Result<Option<JoinHandle<()>>, CommandError> {
    let Some(wanted) = settings.metrics_listen else {
        return Ok(None);
    };
    let failed = CommandError::io(format!("listening on {wanted} for metrics"));
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener
        .local_addr()
        .map_err(CommandError::io("listening"))?;
    tracing::info!("metrics on http://{address}{}", vin_api::METRICS_PATH);
    let router = vin_api::metrics_router(service.clone());
    let never = std::future::pending();
    Ok(Some(tokio::spawn(vin_api::serve(listener, router, never))))
}

/// The vehicle data to begin with, every byte of it checked.
///
/// An operator's data that cannot be used stops the start: answering without it would give other
/// answers, and nobody would notice. Damaged built-in data lets the server say that it is not ready.
fn opened(packs: &Packs, today: Date) -> Result<(InForce, Pack), CommandError> {
    let generation = packs.current()?;
    if generation == Generation::BUILT_IN {
        let data = InForce::built_in();
        let pack = match data.engine.pack().verify() {
            Ok(()) => pack_of(&data),
            Err(error) => {
                tracing::error!(%error, "the built-in pack is damaged");
                Pack {
                    verified: false,
                    detail: error.to_string(),
                }
            }
        };
        return Ok((data, pack));
    }
    let data = packs.open_checked(generation, today)?;
    if data.outdated {
        tracing::warn!(
            "{generation} was made with other built-in data than this program has; run `chejia data rebuild`"
        );
    }
    let pack = pack_of(&data);
    Ok((data, pack))
}

/// What is told about data that was checked.
fn pack_of(data: &InForce) -> Pack {
    Pack {
        verified: true,
        detail: data.describe(),
    }
}

fn print_demo(address: SocketAddr) -> Result<(), CommandError> {
    let url = format!("http://{address}/api/vin/get?key={DEMO_KEY}&vin={EXAMPLE_VIN}");
    print(&format_args!("curl '{url}'"))?;
    print(&format_args!("浏览器 browser: {url}"))
}

/// Says how somebody becomes the first owner, as long as nobody is.
async fn print_first_owner(service: &Service, base: &str) -> Result<(), CommandError> {
    let link = service.accounts().first_owner_link().await;
    match link.map_err(|error| CommandError::Failed(error.to_string()))? {
        Some(link) => print(&format_args!(
            "管理员 first owner, within 24 hours, once: {base}/join/{}",
            link.reveal()
        )),
        None => Ok(()),
    }
}

/// Becomes ready at the first signal to stop; a second one ends the program at once.
pub fn stop_signal() -> Result<impl Future<Output = ()>, CommandError> {
    let mut signals = Signals::new().map_err(CommandError::io("signals"))?;
    Ok(async move {
        signals.next().await;
        tracing::info!("stopping; a second signal stops at once");
        tokio::spawn(async move {
            signals.next().await;
            end_now();
        });
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the operator does not want to wait"
)]
fn end_now() {
    std::process::exit(130);
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

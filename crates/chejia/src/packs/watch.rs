//! A running server takes the generation that comes in force, without dropping a request.

use super::{Generation, InForce, Packs};
use crate::CommandError;
use std::sync::Arc;
use std::time::Duration;
use vin_service::Service;

/// How often `current` is looked at; reading it costs some microseconds.
const EVERY: Duration = Duration::from_secs(1);

/// Looks at `current` until it is dropped. `in_force` is what the service answers with now, and
/// `tell` is told what it answers with from then on.
pub async fn watch(
    service: Arc<Service>,
    packs: Packs,
    mut in_force: Generation,
    tell: impl Fn(&InForce),
) {
    // What was refused is said once, and tried again when something else was in force between.
    let mut refused = None;
    loop {
        tokio::time::sleep(EVERY).await;
        let wanted = match packs.current() {
            Ok(wanted) if wanted == in_force => {
                refused = None;
                continue;
            }
            wanted => wanted.map_err(|error| error.to_string()),
        };
        if refused.as_ref() == Some(&wanted) {
            continue;
        }
        let opened = match &wanted {
            Ok(generation) => open(&service, &packs, *generation).await,
            Err(error) => Err(error.clone()),
        };
        match opened {
            Ok(opened) => {
                let name = opened.describe();
                in_force = opened.generation;
                tell(&opened);
                service.swap_engine(opened.engine);
                tracing::info!("now answering with {name}");
                refused = None;
            }
            Err(reason) => {
                tracing::error!("still answering with {in_force}: {reason}");
                refused = Some(wanted);
            }
        }
    }
}

/// Opens and checks a generation beside the requests, for it takes a good part of a second.
async fn open(service: &Service, packs: &Packs, wanted: Generation) -> Result<InForce, String> {
    let (packs, today) = (packs.clone(), service.today());
    let opened = tokio::task::spawn_blocking(move || packs.open_checked(wanted, today)).await;
    let opened = opened.unwrap_or_else(|error| Err(CommandError::Failed(error.to_string())));
    opened.map_err(|error| error.to_string())
}

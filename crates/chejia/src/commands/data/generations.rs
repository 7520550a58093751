//! `chejia data list` and `chejia data back`.

use super::{Place, print_json};
use crate::CommandError;
use crate::outside::SystemClock;
use crate::packs::Generation;
use serde_json::{Value as Json, json};
use vin_service::Clock as _;

/// Lists the generations, the oldest first.
pub fn list(place: &Place) -> Result<(), CommandError> {
    let current = place.packs.current()?;
    let mut rows = vec![json!({
        "generation": Generation::BUILT_IN,
        "in_force": current == Generation::BUILT_IN,
        "sha256": vin_data::engine().pack().digest(),
        "bytes": vin_data::bytes().len(),
    })];
    for generation in place.packs.kept()? {
        rows.push(row(place, generation, current)?);
    }
    print_json(&json!({ "in_force": current, "generations": rows }))
}

fn row(place: &Place, generation: Generation, current: Generation) -> Result<Json, CommandError> {
    let manifest = place.packs.manifest(generation)?;
    let own = manifest.imports.iter();
    let own = own.filter(|import| import.generation == generation);
    Ok(json!({
        "generation": generation,
        "in_force": generation == current,
        "parent": manifest.parent,
        "made": manifest.made,
        "program": manifest.program,
        "outdated": manifest.is_outdated(),
        "imported": own.map(|import| json!({ "kind": import.kind, "source": import.source })).collect::<Vec<_>>(),
        "bytes": manifest.bytes,
        "sha256": manifest.sha256,
    }))
}

/// Puts the former generation in force, or the one that was asked for.
pub fn back(place: &Place, to: Option<u32>) -> Result<(), CommandError> {
    let to = put_in_force(place, to)?;
    print_json(&json!({ "ok": true, "generation": to }))
}

/// The same without a word; which one it is.
pub fn put_in_force(place: &Place, to: Option<u32>) -> Result<Generation, CommandError> {
    let packs = &place.packs;
    let kept = packs.kept()?;
    let to = match to {
        Some(number) => Generation(number),
        None => former(place, &kept)?,
    };
    if to != Generation::BUILT_IN && !kept.contains(&to) {
        let list: Vec<_> = kept.iter().map(|kept| kept.0.to_string()).collect();
        let list = list.join(", ");
        let text = format!("{to} is not kept; there are 0 (the built-in data) {list}");
        return Err(CommandError::Failed(text.trim_end().to_owned()));
    }
    let lock = packs.lock()?;
    packs.open_checked(to, SystemClock::new().china_date())?;
    packs.put_in_force(to, &lock)?;
    Ok(to)
}

/// The generation that was in force before the present one, or the built-in data when that is no
/// longer kept.
fn former(place: &Place, kept: &[Generation]) -> Result<Generation, CommandError> {
    let current = place.packs.current()?;
    if current == Generation::BUILT_IN {
        let text = "the built-in data is in force, there is nothing before it";
        return Err(CommandError::Failed(text.to_owned()));
    }
    let parent = place.packs.manifest(current)?.parent;
    let is_kept = kept.contains(&parent);
    Ok(if is_kept {
        parent
    } else {
        Generation::BUILT_IN
    })
}

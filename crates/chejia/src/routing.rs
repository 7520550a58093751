//! How far questions are taken, as the settings `route`, `fusion_fields` and `learn_audit` say.

use crate::CommandError;
use crate::settings::Settings;
use std::sync::Arc;
use vin_api::paths;
use vin_channel::route::{Policies, Policy};
use vin_core::FieldId;
use vin_core::field::{FIELDS, Kind};
use vin_service::{Routing, Wanted};

/// The most for `learn_audit`.
const MOST_AUDIT: u32 = 1_000_000;

/// Reads the settings.
///
/// # Errors
/// The first that is wrong, and what is allowed.
pub fn read(settings: &Settings) -> Result<Routing, CommandError> {
    let policies = Policies::parse(&settings.route).ok_or_else(|| {
        let names = Policy::ALL.map(Policy::name).join(", ");
        CommandError::Usage(format!("route must be one of {names}, or PATH=one of them"))
    })?;
    for path in policies.by_path.keys() {
        is_path("route", path)?;
    }
    if settings.learn_audit > MOST_AUDIT {
        let text = format!("learn_audit must be 0 to {MOST_AUDIT}");
        return Err(CommandError::Usage(text));
    }
    Ok(Routing {
        policies,
        wanted: wanted(&settings.fusion_fields)?,
        learn_audit: settings.learn_audit,
    })
}

/// Reads `name price`, or `name price /api/vin/get=name,machineoil.volume …`, separated by blanks.
fn wanted(text: &str) -> Result<Wanted, CommandError> {
    let mut wanted = Wanted::default();
    let mut otherwise = Vec::new();
    for word in text.split_whitespace() {
        match word.split_once('=') {
            None => otherwise.push(field(word)?),
            Some((path, fields)) => {
                is_path("fusion_fields", path)?;
                let fields = fields.split(',').filter(|path| !path.is_empty()).map(field);
                let fields: Arc<[FieldId]> = fields.collect::<Result<_, _>>()?;
                wanted.by_path.insert(path.to_owned(), fields);
            }
        }
    }
    wanted.otherwise = otherwise.into();
    Ok(wanted)
}

fn field(path: &str) -> Result<FieldId, CommandError> {
    let field = FIELDS.iter().find(|field| field.path == path);
    let field = field.filter(|f| !matches!(f.kind, Kind::Object | Kind::Candidates));
    let text = || CommandError::Usage(format!("fusion_fields: {path} is no field of a result"));
    field.map(|field| field.id).ok_or_else(text)
}

fn is_path(setting: &str, path: &str) -> Result<(), CommandError> {
    if paths().any(|known| known == path) {
        return Ok(());
    }
    let known: Vec<_> = paths().collect();
    let text = format!("{setting}: {path} is none of {}", known.join(", "));
    Err(CommandError::Usage(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_may_have_fields_of_its_own_or_none() {
        let read = wanted("name  price /api/vin/get=machineoil.volume,price").expect("good");
        assert_eq!(*read.otherwise, [FieldId::Name, FieldId::Price]);
        let own = &read.by_path["/api/vin/get"];
        assert_eq!(**own, [FieldId::OilVolume, FieldId::Price]);
        let read = wanted("price /api/vin/get=").expect("good");
        assert!(read.by_path["/api/vin/get"].is_empty());
        for (text, part) in [
            ("prise", "prise is no field"),
            ("machineoil", "machineoil is no field"),
            ("/api/vin/get=name,prise", "prise is no field"),
            ("/nowhere=name", "/nowhere is none of /"),
        ] {
            let error = wanted(text).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}

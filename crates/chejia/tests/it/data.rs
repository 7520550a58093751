//! `data`: what is built in, and that it is whole.

use crate::{json_lines, run};

#[test]
fn the_built_in_data_names_its_sources_and_is_whole() {
    let info = json_lines(&run(&["data", "info"], b""));
    let names: Vec<_> = info[0]["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .collect();
    let vpic = names
        .iter()
        .find(|source| source["name"] == "nhtsa-vpic")
        .expect("vPIC");
    for member in ["title", "url", "licence", "month"] {
        assert!(
            vpic[member].as_str().is_some_and(|text| !text.is_empty()),
            "{member}"
        );
    }
    let verified = json_lines(&run(&["data", "verify"], b""));
    assert_eq!(verified[0]["ok"], true);
    assert_eq!(verified[0]["packs"], info[0]["packs"]);
    let digest = verified[0]["packs"][0]["sha256"]
        .as_str()
        .expect("a digest");
    assert_eq!(digest.len(), 64);
}

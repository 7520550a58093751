//! The pictures of the READMEs, taken by the test that walks every page.

use crate::run::{self, Failure, cargo, none_left};

/// The pages that are shown.
const SHOWN: [&str; 3] = ["vehicle", "overview", "debug"];

/// Walks the pages and copies three of their pictures.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    let walk = [
        "test",
        "--package",
        "chejia",
        "--test",
        "it",
        "--",
        "pages::",
    ];
    run::succeed(&mut cargo(&walk))?;
    for name in SHOWN {
        let from = run::target()
            .join("pages")
            .join(format!("readme-{name}.png"));
        let to = run::root().join(format!("docs/pictures/{name}.png"));
        std::fs::create_dir_all(run::root().join("docs/pictures"))
            .and_then(|()| std::fs::copy(&from, &to))
            .map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))?;
        println!("docs/pictures/{name}.png written");
    }
    Ok(())
}

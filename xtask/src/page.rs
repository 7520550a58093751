//! Pages that a chore writes a part of: what stands under a heading, or between two marks.

use crate::run;

/// Replaces what stands under `heading` in the page `path`, up to the next heading that is not below it.
pub fn put_under(path: &str, heading: &str, text: &str) -> Result<(), String> {
    put(path, heading, |page| under(page, heading, text))
}

/// Replaces what stands between the marks of `name` in the page `path`.
pub fn put_between(path: &str, name: &str, text: &str) -> Result<(), String> {
    put(path, name, |page| between(page, name, text))
}

fn put(path: &str, place: &str, new: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let file = run::root().join(path);
    let page = run::read(&file)?;
    let page = new(&page).ok_or_else(|| format!("{path} has no place for {place:?}"))?;
    run::write(&file, page)?;
    println!("{path} written");
    Ok(())
}

fn under(page: &str, heading: &str, text: &str) -> Option<String> {
    let at = page.find(&format!("\n{heading}\n"))?;
    let body = at + 1 + heading.len();
    let depth = heading.chars().take_while(|c| *c == '#').count();
    let ends = |line: &str| {
        let title = line.trim_start_matches('#');
        (1..=depth).contains(&(line.len() - title.len())) && title.starts_with(' ')
    };
    let mut end = body;
    let rest = page[body..].split_inclusive('\n').find(|line| {
        let ends = ends(line);
        end += if ends { 0 } else { line.len() };
        ends
    });
    let space = if rest.is_some() { "\n" } else { "" };
    let (head, tail) = (&page[..body], &page[end..]);
    Some(format!("{head}\n\n{}\n{space}{tail}", text.trim_end()))
}

fn between(page: &str, name: &str, text: &str) -> Option<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = page.find(&open)? + open.len();
    let to = from + page[from..].find(&close)?;
    Some(format!("{}{text}{}", &page[..from], &page[to..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
        let wanted = "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n";
        assert_eq!(between(page, "x", "new\n").as_deref(), Some(wanted));
        assert_eq!(between(page, "y", "new\n"), None);
    }

    #[test]
    fn only_what_stands_under_the_heading_is_replaced() {
        let check = |page, heading, wanted: Option<&str>| {
            assert_eq!(under(page, heading, "new\n").as_deref(), wanted);
        };
        let page = "a\n### B\n\n## B\n\nold\n\n### C\n\nold\n\n## D\n\nd\n";
        check(page, "## B", Some("a\n### B\n\n## B\n\nnew\n\n## D\n\nd\n"));
        check(
            page,
            "### C",
            Some("a\n### B\n\n## B\n\nold\n\n### C\n\nnew\n\n## D\n\nd\n"),
        );
        check(
            page,
            "## D",
            Some("a\n### B\n\n## B\n\nold\n\n### C\n\nold\n\n## D\n\nnew\n"),
        );
        check(page, "## E", None);
    }
}

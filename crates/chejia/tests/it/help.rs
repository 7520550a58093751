//! What `--help` says, for every command; a change of it is seen in review.

use clap::{Command, CommandFactory as _};

fn collect(command: &mut Command, all: &mut String) {
    let help = command.render_long_help();
    *all += &format!("{help}\n{}\n", "-".repeat(80));
    for sub in command.get_subcommands_mut() {
        collect(sub, all);
    }
}

#[test]
fn every_command_explains_itself() {
    let mut command = chejia::cli::Cli::command().term_width(100);
    command.build();
    let mut all = String::new();
    collect(&mut command, &mut all);
    insta::assert_snapshot!(all);
}

//! Staff, from the command line: how the first administrator comes to be.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
};

use super::{CommandError, Outcome, operator};
use crate::{
    domain::role::Role,
    service::{Services, add_user},
};

pub async fn add(services: &Services, email: &str, from_stdin: bool) -> Outcome {
    let password = if from_stdin { read_stdin()? } else { ask()? };
    add_user::add_user(services, &operator(), email, password, Role::Administrator).await?;
    println!("An administrator was added. They log in at /staff/login.");
    Ok(ExitCode::SUCCESS)
}

fn read_stdin() -> Result<String, CommandError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask() -> Result<String, CommandError> {
    if !std::io::stdin().is_terminal() {
        return Err(
            "there is no terminal to ask on: pass the password with --password-stdin".into(),
        );
    }
    let first = rpassword::prompt_password("Password (12 characters or more): ")?;
    let second = rpassword::prompt_password("The same again: ")?;
    if first == second {
        Ok(first)
    } else {
        Err("the two are not the same".into())
    }
}

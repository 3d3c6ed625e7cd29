//! Staff, from the command line: how the first administrator comes to be.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
};

use super::{CommandError, Outcome, operator};
use crate::{
    domain::{audit::Actor, role::Role},
    service::{Services, add_user, password},
    store,
};

pub async fn add(services: &Services, email: &str, from_stdin: bool) -> Outcome {
    let password = if from_stdin { read_stdin()? } else { ask()? };
    add_user::add_user(services, &operator(), email, password, Role::Administrator).await?;
    println!("An administrator was added. They log in at /staff/login.");
    Ok(ExitCode::SUCCESS)
}

/// A member of staff says at the command line who they are.
pub async fn sign_in(
    services: &Services,
    email: &str,
    from_stdin: bool,
) -> Result<Actor, CommandError> {
    let password = if from_stdin {
        read_stdin()?
    } else {
        needs_terminal()?;
        rpassword::prompt_password(format!("Password of {email}: "))?
    };
    let known = store::staff::by_email(&services.db, email).await?;
    let (user, hash) = known.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
    let fits = password::verify(password, hash).await?;
    let user = user
        .filter(|_| fits)
        .ok_or("the e-mail address or the password is not right")?;
    let account = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    Ok(Actor::staff_at_command_line(
        user.id,
        &user.email,
        user.role,
        &account.unwrap_or_default(),
    ))
}

fn read_stdin() -> Result<String, CommandError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn needs_terminal() -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() {
        Ok(())
    } else {
        Err("there is no terminal to ask on: pass the password with --password-stdin".into())
    }
}

fn ask() -> Result<String, CommandError> {
    needs_terminal()?;
    let first = rpassword::prompt_password("Password (12 characters or more): ")?;
    let second = rpassword::prompt_password("The same again: ")?;
    if first == second {
        Ok(first)
    } else {
        Err("the two are not the same".into())
    }
}

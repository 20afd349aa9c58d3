#!/bin/zsh -f
# Prints what completion offers at the end of a line, one word a line, as zsh itself finds it in a
# terminal: complete.zsh DIRECTORY-OF-COMPLETIONS LINE
zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal "PROMPT= RPROMPT= fpath=(${(q)1} \$fpath); autoload -Uz compinit && compinit -u -D"
zpty -w terminal 'zle-line-finish() { }
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a offered
  builtin compadd -A offered "$@"
  print -rl -- "<"${^offered}">"
}
complete-and-stop() { print; zle list-choices; print "<end>"; exit }
zle -N complete-and-stop
bindkey "^I" complete-and-stop
print "<begin>"'
zpty -r terminal ready '*<begin>[^"]*' || exit
zpty -w -n terminal "$2"$'\t'
while zpty -r terminal line; do
  line=${line%%$'\r\n'}
  case $line in
    '<end>') break ;;
    '<'*'>') print -r -- "${${line#<}%>}" ;;
  esac
done

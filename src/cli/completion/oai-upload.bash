# bash completion for oai-upload

_oai_upload() {
  local current=$2 word last before answer candidate
  local -a words=()
  COMPREPLY=()
  # bash splits --flag=value in three; right behind the =, that is the word of the cursor.
  [[ ${COMP_WORDS[COMP_CWORD]} == = ]] && current==
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current"; do
    last=$((${#words[@]} - 1))
    if ((last >= 0)) && [[ $word == = && ${words[last]} == --* || ${words[last]} == --*= ]]; then
      words[last]+=$word
    else
      words+=("$word")
    fi
  done
  last=$((${#words[@]} - 1))
  # Only what follows the = is bash's to replace, unless the = is no word break.
  before=${words[last]%"${current#=}"}
  answer=$(oai-upload __complete "$last" "${words[@]}" 2>/dev/null) || return 0
  while IFS= read -r candidate; do
    candidate=${candidate%%$'\t'*}
    [[ $candidate == :* ]] || COMPREPLY+=("${candidate#"$before"}")
  done <<<"$answer"
  # bash 3 has no compopt: there it offers files wherever nothing else is found.
  type compopt &>/dev/null || return 0
  case ${answer##*$'\n'} in
    :nothing) compopt +o default ;;
    :folders) compopt +o default -o dirnames ;;
    :saved) compopt +o default -o filenames ;;
  esac
}

complete -o default -F _oai_upload oai-upload

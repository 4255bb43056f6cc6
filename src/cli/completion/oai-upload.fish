# fish completion for oai-upload

function __oai_upload_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer (oai-upload __complete (math (count $words) - 1) $words[2..-1] $current 2>/dev/null)
    string match -v -- ':*' $answer
    set -l flag (string match -r -- '^--[^=]*=' $current)
    set -l value (string replace -r -- '^--[^=]*=' '' $current)
    switch "$answer[-1]"
        case :files
            for path in (__fish_complete_path "$value")
                echo "$flag$path"
            end
        case :folders
            for path in (__fish_complete_directories "$value")
                echo "$flag$path"
            end
    end
end

complete -c oai-upload -e
complete -c oai-upload -f -k -a '(__oai_upload_complete)'

#!/usr/bin/env perl
# benches/rivals.pl FOLDER: for each mail in it, its name, a tab, and the recipients that
# Mail::DeliveryStatus::BounceParser finds.
use strict;
use warnings;
use Mail::DeliveryStatus::BounceParser;

my ($folder) = @ARGV;
opendir(my $dir, $folder) or die "$folder: $!";
for my $name (sort grep { -f "$folder/$_" } readdir $dir) {
    open(my $file, '<', "$folder/$name") or die "$name: $!";
    my $mail = do { local $/; <$file> };
    my @found = eval {
        my $parsed = Mail::DeliveryStatus::BounceParser->new($mail);
        $parsed->is_bounce ? map { $_->get('email') } $parsed->reports : ();
    };
    my %seen = map { lc($_) => 1 } grep { defined && /@/ } @found;
    print "$name\t", join(',', sort keys %seen), "\n";
}
